{# A select of one row a kind of finding: what is wrong and what counts nevertheless, in English and in Chinese. #}
{% macro organisation_sentences() -%}
    {%- set sentences = [
        (
            'manager_loop', 'Managers in a circle: followed upwards, the line comes back to where it began.',
            'Scores and pay follow no manager and stand; reviews by a manager of the circle wait for HR.',
            '管理者形成循环：各人经由他人最终向自己汇报。',
            '评分与薪酬不依赖管理者，照常计算；循环内上级的评审由人事处理。',
        ),
        (
            'unknown_manager', 'The manager is nobody that the company employs.',
            'The employee counts as without a manager; a rating by such a manager is nobody’s.',
            '其上级不在员工名册中。', '视为没有上级；此类上级的评分不归任何人。',
        ),
        (
            'manager_without_post', 'The manager has no post on the last day of this one.',
            'The post stands with the manager as named; HR names a new one.',
            '岗位末日其上级已无岗位。', '岗位保留原上级，由人事另行指定。',
        ),
        (
            'two_managers', 'Two rows that hold on one day name different managers.',
            'The row that begins later counts from its first day; of rows that begin together, the one in dim_employees.',
            '同一天有效的两行记录指定了不同的上级。', '以开始较晚的记录为准；同日开始的以 dim_employees 中的记录为准。',
        ),
        (
            'two_roles', 'Two rows that hold on one day name different roles.',
            'The row that begins later counts from its first day; of rows that begin together, the one in dim_employees.',
            '同一天有效的两行记录指定了不同的岗位。', '以开始较晚的记录为准；同日开始的以 dim_employees 中的记录为准。',
        ),
        (
            'two_teams', 'Two rows that hold on one day name different teams.',
            'The row that begins later counts from its first day; of rows that begin together, the one in dim_employees.',
            '同一天有效的两行记录指定了不同的小组。', '以开始较晚的记录为准；同日开始的以 dim_employees 中的记录为准。',
        ),
        (
            'overlapping_posts', 'Two rows of the same post hold on one day.',
            'Each day counts once, under the row that begins later.',
            '同一岗位的两行记录在同一天有效。', '每天只计一次，以开始较晚的记录为准。',
        ),
        (
            'value_with_two_owners', 'Two employees own one value of a dimension on one day.',
            'It counts for each of them in full, and once for a team, department or role that holds both.',
            '同一天有两名员工负责同一个维度值。', '对两人均全额计入；同属的小组、部门或岗位只计一次。',
        ),
        (
            'department_without_head', 'Nobody heads the department.',
            'Its scorecard stands; what waits for a head’s decision waits for the head of the company.',
            '部门没有负责人。', '部门记分卡照常计算；需负责人决定的事项由公司负责人决定。',
        ),
        (
            'unknown_team', 'The team is no team of the company.',
            'The employee has a scorecard of the role, and counts for the company but for no department.',
            '其小组不是公司的小组。', '员工按岗位记分，计入公司但不计入任何部门。',
        ),
        (
            'unknown_role', 'The role is no role of the company.',
            'The employee has no scorecard until the role is declared.',
            '其岗位不是公司的岗位。', '岗位未登记前，该员工没有记分卡。',
        ),
    ] -%}
    {% for finding, sentence, outcome, sentence_zh, outcome_zh in sentences -%}
        select
            '{{ finding }}' as finding,
            '{{ sentence }}' as sentence,
            '{{ outcome }}' as outcome,
            '{{ sentence_zh }}' as sentence_zh,
            '{{ outcome_zh }}' as outcome_zh
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}
{%- endmacro %}
