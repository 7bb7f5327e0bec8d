-- A model whose weights, windows or lists make no sense would credit conversions wrongly without a word: it stops the
-- build, and the run's output names the row and the reason.
{%- do log_rows('attribution_models', attribution_model_faults()) %}
{{ attribution_model_faults() }}
