-- At start + entered = left + at end, per step, of [:from, :until). Pursuit level.
SELECT step,
       SUM((entered IS NULL OR entered < :from)
           AND (is_left = 0 OR left_at >= :from)) AS at_start,
       SUM(COALESCE(entered >= :from AND entered < :until, 0)) AS entered,
       SUM(COALESCE(left_at >= :from AND left_at < :until, 0)) AS gone,
       SUM((entered IS NULL OR entered < :until)
           AND (is_left = 0 OR left_at >= :until)) AS at_end
FROM (SELECT step, entered, is_left,
             -- Left undated: before everything, so it was never seen.
             CASE WHEN is_left = 1 AND left_at IS NULL THEN -9223372036854775808
                  ELSE left_at END AS left_at
      FROM visit)
GROUP BY step
ORDER BY step;
