{#
    The expression of a derived KPI (kpi_catalog.expression) as SQL over one row that has the KPIs it names as columns
    value_of_<kpi> and prior_year_of_<kpi>. It is data, and becomes part of SQL: only what is listed in the seed's
    description passes, and anything else stops the build. `kinds` is the kind of each KPI by its id.
#}
{% macro kpi_expression(kpi_id, expression, parameter, kinds) -%}
    {%- set pattern = '[a-z_][a-z0-9_]*|[0-9]+(?:[.][0-9]+)?|[-+*(),]' -%}
    {%- set tokens = modules.re.findall(pattern, expression or '') -%}
    {%- set strange = modules.re.sub(pattern ~ '|[ ]+', '', expression or '') -%}
    {%- if strange -%}
        {{ kpi_expression_fault(kpi_id, expression, strange[0], "leave it out: KPI ids, numbers, parentheses, + - *, "
            ~ "divide(a, b), prior_year(kpi) and parameter may stand there") }}
    {%- endif -%}
    {%- set ahead = tokens + ['', '', ''] -%}
    {#- What is open, innermost last: the SQL so far of a pair of parentheses or of one side of a divide. -#}
    {%- set open = [{'call': none, 'first': none, 'sql': []}] -%}
    {%- set state = namespace(wants_value=true, skip=0) -%}
    {%- for token in tokens -%}
        {%- set inner = open[-1] -%}
        {%- set is_name = modules.re.fullmatch('[a-z_][a-z0-9_]*', token) is not none -%}
        {%- set is_value = is_name or modules.re.fullmatch('[0-9.]+', token) is not none -%}
        {%- if state.skip > 0 -%}
            {%- set state.skip = state.skip - 1 -%}
        {%- elif (is_value or token == '(') and not state.wants_value -%}
            {{ kpi_expression_fault(kpi_id, expression, token, "put + - or * before it") }}
        {%- elif token == '(' -%}
            {%- do open.append({'call': '(', 'first': none, 'sql': []}) -%}
        {%- elif token == 'divide' -%}
            {%- if ahead[loop.index] != '(' -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "write divide(a, b)") }}
            {%- endif -%}
            {%- do open.append({'call': 'divide', 'first': none, 'sql': []}) -%}
            {%- set state.skip = 1 -%}
        {%- elif token == 'prior_year' -%}
            {%- if ahead[loop.index] != '(' or ahead[loop.index + 2] != ')' -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "write prior_year(kpi), of one KPI") }}
            {%- endif -%}
            {%- do inner['sql'].append(
                'prior_year_of_' ~ kpi_of_expression(kpi_id, expression, ahead[loop.index + 1], kinds)
            ) -%}
            {%- set state.skip = 3 -%}
            {%- set state.wants_value = false -%}
        {%- elif token == 'parameter' -%}
            {%- if parameter is none -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "fill in the KPI's column parameter") }}
            {%- endif -%}
            {%- do inner['sql'].append('cast(' ~ parameter ~ ' as double)') -%}
            {%- set state.wants_value = false -%}
        {%- elif is_name -%}
            {%- do inner['sql'].append('value_of_' ~ kpi_of_expression(kpi_id, expression, token, kinds)) -%}
            {%- set state.wants_value = false -%}
        {%- elif is_value -%}
            {%- do inner['sql'].append('cast(' ~ token ~ ' as double)') -%}
            {%- set state.wants_value = false -%}
        {%- elif state.wants_value -%}
            {{ kpi_expression_fault(kpi_id, expression, token, "put a KPI, a number or parameter before it") }}
        {%- elif token in ['+', '-', '*'] -%}
            {%- do inner['sql'].append(token) -%}
            {%- set state.wants_value = true -%}
        {%- elif token == ',' -%}
            {%- if inner['call'] != 'divide' or inner['first'] is not none -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "only the two sides of a divide are parted by it") }}
            {%- endif -%}
            {%- do inner.update({'first': inner['sql'] | join(' '), 'sql': []}) -%}
            {%- set state.wants_value = true -%}
        {%- else -%}
            {%- if inner['call'] is none -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "open it with ( or leave it out") }}
            {%- elif inner['call'] == 'divide' and inner['first'] is none -%}
                {{ kpi_expression_fault(kpi_id, expression, token, "divide takes two sides: divide(a, b)") }}
            {%- endif -%}
            {%- do open.pop() -%}
            {%- set inside = inner['sql'] | join(' ') -%}
            {%- do open[-1]['sql'].append(
                divide(inner['first'], inside) if inner['call'] == 'divide' else '(' ~ inside ~ ')'
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if state.wants_value -%}
        {{ kpi_expression_fault(kpi_id, expression, (['empty'] + tokens)[-1], "put a KPI, a number or parameter after it") }}
    {%- elif open | length > 1 -%}
        {{ kpi_expression_fault(kpi_id, expression, '(', "close it with )") }}
    {%- endif -%}
    {%- set sql = open[0]['sql'] | join(' ') -%}
    {%- if '_of_' not in sql -%}
        {{ kpi_expression_fault(kpi_id, expression, expression, "name at least one KPI") }}
    {%- endif -%}
    {{ sql }}
{%- endmacro %}


{# The id of a KPI that a derived one may name: one of the catalogue, and not derived itself. #}
{% macro kpi_of_expression(kpi_id, expression, token, kinds) -%}
    {%- if token not in kinds -%}
        {{ kpi_expression_fault(kpi_id, expression, token, "no KPI is called so in kpi_catalog") }}
    {%- elif kinds[token] == 'derived' -%}
        {{ kpi_expression_fault(kpi_id, expression, token, "it is derived itself: write out what it is made of") }}
    {%- endif -%}
    {{- token -}}
{%- endmacro %}


{# Stops the build, with the KPI, the part of its expression that cannot be taken, and what to do. #}
{% macro kpi_expression_fault(kpi_id, expression, token, advice) -%}
    {{ exceptions.raise_compiler_error(
        "kpi_catalog: the expression of " ~ kpi_id ~ " (" ~ (expression or 'empty') ~ ") cannot be taken at '" ~ token
        ~ "': " ~ advice
    ) }}
{%- endmacro %}


{# The names in an expression that are KPIs, each once, in the order of the alphabet; a list. #}
{% macro kpis_of_expressions(expressions) -%}
    {%- set names = [] -%}
    {%- for name in modules.re.findall('[a-z_][a-z0-9_]*', expressions | join(' ')) -%}
        {%- if name not in ['divide', 'prior_year', 'parameter'] and name not in names -%}
            {%- do names.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(names | sort) }}
{%- endmacro %}


{#
    The catalogue as dim_kpis has it while the models run: a list of {kpi_id, kind, expression, parameter}; none while
    dbt parses.
#}
{% macro kpi_rules() -%}
    {%- set kpis = ref('dim_kpis') -%}
    {%- if not execute or flags.WHICH not in ('build', 'run') -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set rules = [] -%}
    {%- set found = run_query(
        'select kpi_id, kind, expression, cast(parameter as string) as parameter from ' ~ kpis ~ ' order by kpi_id'
    ) -%}
    {%- for row in found.rows -%}
        {%- do rules.append({'kpi_id': row[0], 'kind': row[1], 'expression': row[2], 'parameter': row[3]}) -%}
    {%- endfor -%}
    {{ return(rules) }}
{%- endmacro %}
