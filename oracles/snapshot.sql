-- Who is where at :at.
SELECT pursuit, step FROM visit
WHERE (entered IS NULL OR entered <= :at) AND (is_left = 0 OR left_at > :at)
ORDER BY pursuit, visit;
