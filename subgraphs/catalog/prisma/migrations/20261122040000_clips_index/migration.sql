-- Uploads that became no track, which the sweeper looks for every few seconds: few beside those that did.
CREATE INDEX IF NOT EXISTS upload_clips ON upload (expires_at)
  WHERE status = 'COMPLETED' AND purpose = 'AUDIO' AND track_id IS NULL;
