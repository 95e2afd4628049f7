CREATE TYPE import_kind AS ENUM ('FOLDER', 'S3_PREFIX');
CREATE TYPE import_state AS ENUM (
  'QUEUED', 'SCANNING', 'READING', 'STORING', 'PROCESSING', 'DONE', 'CANCELLED', 'FAILED'
);
CREATE TYPE import_file_state AS ENUM ('FOUND', 'READ', 'IMPORTED', 'COPY', 'FAILED');

CREATE TABLE import_source (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL,
  kind import_kind NOT NULL,
  location TEXT NOT NULL,
  artist_id TEXT REFERENCES artist (id) ON DELETE SET NULL ON UPDATE CASCADE,
  is_hourly BOOLEAN NOT NULL DEFAULT FALSE,
  next_scan_at TIMESTAMPTZ(3),
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX import_source_owner_id_kind_location_key ON import_source (owner_id, kind, location);
CREATE INDEX import_source_next_scan_at_idx ON import_source (next_scan_at);
CREATE INDEX import_source_artist_id_idx ON import_source (artist_id);

CREATE TABLE import_run (
  id TEXT PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES import_source (id) ON DELETE CASCADE ON UPDATE CASCADE,
  state import_state NOT NULL DEFAULT 'QUEUED',
  seq INTEGER NOT NULL DEFAULT 1,
  attempt INTEGER NOT NULL DEFAULT 1,
  losses INTEGER NOT NULL DEFAULT 0,
  worker TEXT,
  lease_until TIMESTAMPTZ(3),
  announce_at TIMESTAMPTZ(3) NOT NULL,
  found INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  fresh INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0,
  copies INTEGER NOT NULL DEFAULT 0,
  moved INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at TIMESTAMPTZ(3),
  ended_at TIMESTAMPTZ(3)
);
CREATE INDEX import_run_source_id_id_idx ON import_run (source_id, id);
CREATE INDEX import_run_state_idx ON import_run (state);
-- a source has one live run at most
CREATE UNIQUE INDEX import_run_live ON import_run (source_id)
  WHERE state NOT IN ('DONE', 'CANCELLED', 'FAILED');

CREATE TABLE import_file (
  source_id TEXT NOT NULL REFERENCES import_source (id) ON DELETE CASCADE ON UPDATE CASCADE,
  path TEXT COLLATE "C" NOT NULL,
  size_bytes BIGINT NOT NULL,
  version TEXT NOT NULL,
  state import_file_state NOT NULL DEFAULT 'FOUND',
  content_hash TEXT,
  tags JSONB NOT NULL DEFAULT '{}',
  missing_tags TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  warnings TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  error_code TEXT,
  error_message TEXT,
  upload_id TEXT,
  track_id TEXT REFERENCES track (id) ON DELETE SET NULL ON UPDATE CASCADE,
  run_id TEXT NOT NULL,
  seen_run_id TEXT NOT NULL,
  missing_run_id TEXT,
  PRIMARY KEY (source_id, path)
);
CREATE INDEX import_file_source_id_state_path_idx ON import_file (source_id, state, path);
CREATE INDEX import_file_source_id_content_hash_idx ON import_file (source_id, content_hash);
CREATE INDEX import_file_source_id_seen_run_id_idx ON import_file (source_id, seen_run_id);
CREATE INDEX import_file_run_id_path_idx ON import_file (run_id, path);
CREATE INDEX import_file_missing_run_id_path_idx ON import_file (missing_run_id, path);
CREATE INDEX import_file_track_id_idx ON import_file (track_id);
