-- Playback and search may not have been told yet who listens privately. The ids sort as those of `outboxRow` do.
INSERT INTO "outbox" ("id", "subject", "payload", "correlation_id", "occurred_at")
SELECT lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '000000' || substr(md5('private' || "id"), 1, 16),
  'users.private-listening.set', jsonb_build_object('userId', "id", 'isPrivate', TRUE), "id", now()
FROM "user" WHERE "settings" ->> 'privateListening' = 'true';
