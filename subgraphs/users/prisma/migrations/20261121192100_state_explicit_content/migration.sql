-- Search has not been told yet who does not want explicit tracks. The ids sort as those of `outboxRow` do.
INSERT INTO "outbox" ("id", "subject", "payload", "correlation_id", "occurred_at")
SELECT lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '000000' || substr(md5("id"), 1, 16),
  'users.explicit-content.set', jsonb_build_object('userId', "id", 'isShown', FALSE), "id", now()
FROM "user" WHERE "settings" ->> 'explicitContent' = 'false';
