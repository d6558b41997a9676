-- A deal as the row shows it. Its stage says whether it is closed; the close date says when.
SELECT
  d._record,
  as_time(coalesce(d.property_hs_lastmodifieddate, d._fivetran_synced, d.property_closedate, d.property_createdate), 'iso') AS happened,
  d.deal_id AS deal,
  d.property_hs_primary_associated_company AS account,
  d.owner_id AS rep,
  CASE
    WHEN lower(coalesce(d.property_hs_is_closed_won, s.closed_won)) = 'true' THEN 'won'
    WHEN lower(coalesce(d.property_hs_is_closed, s.is_closed)) = 'true' THEN 'lost'
    ELSE 'open'
  END AS status,
  coalesce(s.label, d.deal_pipeline_stage_id) AS stage,
  d.deal_pipeline_id AS pipeline,
  as_time(d.property_createdate, 'iso') AS created,
  CASE
    WHEN lower(coalesce(d.property_hs_is_closed, s.is_closed)) = 'true' THEN as_time(d.property_closedate, 'iso')
  END AS closed,
  as_time(d.property_closedate, 'iso') AS close_date,
  CASE
    WHEN d.property_deal_currency_code IS NULL THEN as_money(d.property_amount)
    ELSE as_money(d.property_amount, d.property_deal_currency_code)
  END AS amount,
  d.property_dealtype AS type,
  lower(d.property_hs_analytics_source) AS origin,
  d.property_hs_manual_forecast_category AS forecast_category,
  d.property_closed_lost_reason_category AS loss_reason
FROM deal AS d
LEFT JOIN deal_pipeline_stage AS s ON s.stage_id = d.deal_pipeline_stage_id
