{#
    The body of a recursive CTE called closed_walks over a CTE of edges (scope, from_node, to_node, valid_from,
    valid_to): each walk that never meets a node twice, from its smallest node, with the days on which all of its
    edges hold. Rows whose last_node is their first_node are the cycles, each once. It ends whatever the edges are.
#}
{% macro closed_walks(edges) -%}
    select
        scope,
        from_node as first_node,
        to_node as last_node,
        from_node || ' > ' || to_node as path,
        '|' || from_node || '|' || to_node || '|' as visited,
        valid_from,
        valid_to
    from {{ edges }}
    where to_node >= from_node
    union all
    select
        closed_walks.scope,
        closed_walks.first_node,
        edges.to_node as last_node,
        closed_walks.path || ' > ' || edges.to_node as path,
        closed_walks.visited || edges.to_node || '|' as visited,
        greatest(closed_walks.valid_from, edges.valid_from) as valid_from,
        least(closed_walks.valid_to, edges.valid_to) as valid_to
    from closed_walks
    inner join {{ edges }} as edges
        on
            closed_walks.scope = edges.scope
            and closed_walks.last_node = edges.from_node
            and closed_walks.valid_from < edges.valid_to
            and closed_walks.valid_to > edges.valid_from
    where
        closed_walks.last_node <> closed_walks.first_node
        and edges.to_node >= closed_walks.first_node
        and (
            edges.to_node = closed_walks.first_node
            or instr(closed_walks.visited, '|' || edges.to_node || '|') = 0
        )
{%- endmacro %}
