"""How an explanation and a what-if are printed, in English or Chinese.

Whatever people typed is printed as it is: no markup, no emoji codes; control characters are spelt
out, since a terminal would obey them.
"""

import unicodedata
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.serving.explain import Explanation, Source, Step
from orchestration.serving.what_if import Outcome, WhatIf

LANGUAGES = ("en", "zh")
_SHOWN_FILES = 5
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WORDS = {
    "closed": ("closed", "已结束"),
    "open": ("open, to date", "进行中，截至目前"),
    "step": ("step", "步骤"),
    "score": ("score", "得分"),
    "weight": ("weight", "权重"),
    "points": ("points", "贡献分"),
    "redistribution": ("redistributed weight", "权重再分配"),
    "total": ("KPI total", "KPI 总分"),
    "scorecard": ("scorecard total", "记分卡总分"),
    "okr": ("OKR", "OKR"),
    "rating": ("ratings", "评价"),
    "final": ("final score", "最终得分"),
    "tier": ("tier", "等级"),
    "coefficient": ("coefficient", "系数"),
    "pay": ("pay", "薪酬"),
    "employee": ("own", "本人"),
    "team": ("team", "团队"),
    "department": ("department", "部门"),
    "company": ("company", "公司"),
    "in_words": ("In words", "文字说明"),
    "sources": ("Where the numbers come from", "数据来源"),
    "rows": ("rows in the quarter", "行（本季度）"),
    "all_rows": ("rows, without a time of their own", "行（无时间字段）"),
    "of": (" of", "，共"),
    "more": ("more files with", "个其他文件，共"),
    "no_files": ("no rows in the quarter", "本季度无数据"),
    "what_if": ("What would change", "假设结果"),
    "value": ("value", "数值"),
    "target": ("target", "目标"),
    "attainment": ("attainment", "达成度"),
    "nothing": ("Nothing would change.", "没有任何变化。"),
    "all_else": (
        "All else as it is; the same rules as the build's own, run again.",
        "其他条件不变；使用与本次构建相同的规则重新计算。",
    ),
}


class Printer:
    """Prints on one console in one language."""

    def __init__(self, console: Console, language: str) -> None:
        self._console = console
        self._place = LANGUAGES.index(language)

    def explanation(self, found: Explanation, all_files: bool) -> None:
        """Who and when, a table of the steps, their sentences, the files behind them."""
        first = found.steps[0]
        state = self._word("closed" if first["is_closed"] else "open")
        names = found.names if self._place == 0 else found.names[::-1]
        self._line(f"{found.employee_id}  {names[0]}  ({names[1]}), {found.role[self._place]}")
        self._line(f"{found.label}, {state}, basis: {first['basis']}")
        self._line(self._frozen(found))
        self._console.print(self._steps(found.steps))
        self._head("in_words")
        for step in found.steps:
            self._line(f"{step['step_number']:>3}. {step[self._pick('sentence')]}")
        self._head("sources")
        for source in found.sources:
            self._source(source, all_files)

    def what_if(self, tried: WhatIf) -> None:
        """The lines that change, and the total, final score and tier before and after."""
        self._head("what_if")
        self._line(self._word("all_else"))
        for said in tried.assumed:
            self._line(said)
        rows = [*self._changed_lines(tried), *self._changed_card(tried.before, tried.after)]
        if not rows:
            self._line(self._word("nothing"))
        width = max((len(name) for name, _, _ in rows), default=0)
        for name, before, after in rows:
            self._line(f"  {name:<{width}}  {before} -> {after}")

    def _word(self, name: str) -> str:
        return _WORDS[name][self._place] if name in _WORDS else name

    def _pick(self, column: str) -> str:
        return column if self._place == 0 else f"{column}_zh"

    def _line(self, text: str) -> None:
        if text:
            self._console.print(
                plain(text), soft_wrap=True, highlight=False, markup=False, emoji=False
            )

    def _head(self, name: str) -> None:
        self._console.print()
        self._console.print(Text(self._word(name), style="bold"))

    def _frozen(self, found: Explanation) -> str:
        """Whether the quarter is frozen, and whether what is explained is what was frozen."""
        frozen = found.frozen
        if frozen is None:
            return ""
        live = next((each["score"] for each in found.steps if each["step_kind"] == "final"), None)
        then = frozen.get("final_score")
        same = then == (None if live is None else Decimal(f"{live:.2f}"))
        revision, shown = frozen["revision"], "-" if then is None else f"{then:.2f}"
        if "final_score" not in frozen:
            told = ("the employee is not in it", "其中没有该员工")
        elif same:
            told = (f"final score {shown}, as explained here", f"最终得分 {shown}，与此处一致")
        else:
            told = (
                f"final score {shown}; what is explained here is what is known now",
                f"最终得分 {shown}；此处说明的是目前已知的数据",
            )
        head = ("Frozen as revision", "已冻结，版本")
        return f"{head[self._place]} {revision}: {told[self._place]}"

    def _steps(self, steps: list[Step]) -> Table:
        table = Table(title_justify="left", header_style="bold")
        table.add_column("#", justify="right")
        table.add_column(self._word("step"), overflow="fold")
        for name in ("score", "weight", "points"):
            table.add_column(self._word(name), justify="right")
        for step in steps:
            weight = step["effective_weight"] if step["kpi_id"] else step["weight"]
            points = step["contribution"] if step["kpi_id"] else step["final_points"]
            table.add_row(
                str(step["step_number"]),
                plain(self._name_of(step)),
                _number(step["score"], 2),
                _number(weight, 1),
                _number(points, 2),
            )
        return table

    def _name_of(self, step: Step) -> str:
        if step["kpi_id"]:
            return f"{step[self._pick('name')]} ({self._word(step['measured_owner_kind'])})"
        return self._word(str(step["step_kind"]))

    def _source(self, source: Source, all_files: bool) -> None:
        """An entity, the KPIs made from it, and its files: all of them, or the fullest."""
        self._line(f"{source.entity}  ({', '.join(source.kpi_ids)})")
        shown = source.files if all_files else source.files[:_SHOWN_FILES]
        if not source.files:
            self._line(f"  {self._word('no_files')}")
        for each in shown:
            rows = (
                f"{each.rows_accepted:,} {self._word('all_rows')}"
                if each.rows_in_quarter is None
                else f"{each.rows_in_quarter:,} {self._word('rows')}"
                f"{self._word('of')} {each.rows_accepted:,}"
            )
            self._line(f"  landing/{each.feed}/{each.file}: {rows}")
        if rest := source.files[len(shown) :]:
            count = sum(each.rows_in_quarter or each.rows_accepted for each in rest)
            self._line(f"  {len(rest):,} {self._word('more')} {count:,} {self._word('rows')}")

    def _changed_lines(self, tried: WhatIf) -> list[tuple[str, str, str]]:
        """What differs in the lines, by KPI and column."""
        changed = []
        for line, now in zip(tried.before.lines, tried.after.lines, strict=True):
            whose = f"{line.kpi_id} ({self._word(line.measured_owner_kind)})"
            for column, name in (
                ("value", "value"),
                ("attainment", "attainment"),
                ("status", "status"),
                ("score", "score"),
                ("effective_weight", "weight"),
                ("contribution", "points"),
            ):
                one, other = line.columns[column], now.columns[column]
                if one != other:
                    changed.append((f"{whose} {self._word(name)}", _cell(one), _cell(other)))
        return changed

    def _changed_card(self, before: Outcome, after: Outcome) -> list[tuple[str, str, str]]:
        """What differs in the whole."""
        names = {
            "scorecard_total": "scorecard",
            "final_score": "final",
            self._pick("tier_name"): "tier",
            "status": "status",
        }
        return [
            (self._word(name), _cell(before.card[column]), _cell(after.card[column]))
            for column, name in names.items()
            if before.card[column] != after.card[column]
        ]


def plain(text: str) -> Text:
    """Text as it is, but for characters that a terminal would obey."""
    return Text("".join(repr(c)[1:-1] if _is_control(c) else c for c in text))


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _BIDI


def _number(value: Any, digits: int) -> str:
    return "" if value is None else f"{float(value):,.{digits}f}"


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.4f}" if isinstance(value, float) else str(value)
