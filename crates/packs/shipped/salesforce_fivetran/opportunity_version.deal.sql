-- One state of a deal, from its start on: so a deal that was lost, reopened and won tells all three.
SELECT
  _record,
  required(as_time(_fivetran_start, 'iso')) AS happened,
  left(id, 15) AS deal,
  left(account_id, 15) AS account,
  left(owner_id, 15) AS rep,
  left(campaign_id, 15) AS campaign,
  CASE
    WHEN lower(is_won) = 'true' THEN 'won'
    WHEN lower(is_closed) = 'true' THEN 'lost'
    ELSE 'open'
  END AS status,
  stage_name AS stage,
  as_time(created_date, 'iso') AS created,
  CASE WHEN lower(is_closed) = 'true' THEN as_date(close_date, 'iso', 'UTC') END AS closed,
  as_date(close_date, 'iso', 'UTC') AS close_date,
  CASE
    WHEN currency_iso_code IS NULL THEN as_money(amount)
    ELSE as_money(amount, currency_iso_code)
  END AS amount,
  type,
  lead_source AS origin,
  coalesce(forecast_category_name, forecast_category) AS forecast_category,
  coalesce(closed_lost_reason_c, loss_reason_c) AS loss_reason
FROM opportunity_version
