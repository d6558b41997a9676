-- A program is what people call a campaign. Its numbers would meet those of smart campaigns, so they get a word before them.
SELECT
  _record,
  as_time(created_at, 'iso') AS happened,
  concat('program ', id) AS campaign,
  name,
  channel,
  type,
  status
FROM program
