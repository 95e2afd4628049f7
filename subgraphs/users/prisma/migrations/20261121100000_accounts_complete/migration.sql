ALTER TABLE "session" ADD COLUMN "fingerprint" TEXT,
  ADD COLUMN "ip" TEXT,
  ADD COLUMN "method" TEXT NOT NULL DEFAULT 'password',
  ADD COLUMN "risk_reasons" TEXT[],
  ADD COLUMN "risk_score" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "refresh_token" ADD COLUMN "next_salt" TEXT;

CREATE INDEX "refresh_token_expires_at_idx" ON "refresh_token"("expires_at");

ALTER TABLE "signing_key" ADD COLUMN "active_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

ALTER TABLE "user" ADD COLUMN "billing_customer_id" TEXT,
  ADD COLUMN "bio" TEXT,
  ADD COLUMN "country" TEXT,
  ADD COLUMN "deactivated_at" TIMESTAMPTZ(3),
  ADD COLUMN "email_verified_at" TIMESTAMPTZ(3),
  ADD COLUMN "look_alike_key" TEXT,
  ADD COLUMN "locale" TEXT NOT NULL DEFAULT 'en',
  ADD COLUMN "settings" JSONB NOT NULL DEFAULT '{}',
  ALTER COLUMN "password_hash" DROP NOT NULL;

CREATE TABLE "email_verification" (
  "hash" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  CONSTRAINT "email_verification_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "oauth_identity" (
  "provider" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "email" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "oauth_identity_pkey" PRIMARY KEY ("provider","subject")
);

CREATE TABLE "oauth_attempt" (
  "hash" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "code_verifier" TEXT NOT NULL,
  "nonce" TEXT NOT NULL,
  "redirect_uri" TEXT NOT NULL,
  "user_id" TEXT,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),
  CONSTRAINT "oauth_attempt_pkey" PRIMARY KEY ("hash")
);

CREATE TABLE "api_key" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "hint" TEXT NOT NULL,
  "scopes" TEXT[],
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_used_at" TIMESTAMPTZ(3),
  "expires_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "device" (
  "user_id" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "device_pkey" PRIMARY KEY ("user_id","fingerprint")
);

CREATE TABLE "letter" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "template" TEXT NOT NULL,
  "values" JSONB NOT NULL DEFAULT '{}',
  "state" TEXT NOT NULL DEFAULT 'QUEUED',
  "error" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "settled_at" TIMESTAMPTZ(3),
  CONSTRAINT "letter_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "role_request" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "note" TEXT,
  "state" TEXT NOT NULL DEFAULT 'PENDING',
  "decided_by" TEXT,
  "reason" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "decided_at" TIMESTAMPTZ(3),
  CONSTRAINT "role_request_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entry" (
  "id" BIGSERIAL NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actor_id" TEXT,
  "action" TEXT NOT NULL,
  "subject_id" TEXT,
  "outcome" TEXT NOT NULL,
  "ip" TEXT,
  "user_agent" TEXT,
  "details" JSONB NOT NULL DEFAULT '{}',
  CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "data_request" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'RUNNING',
  "round" INTEGER NOT NULL DEFAULT 1,
  "archive_key" TEXT,
  "archive_bytes" BIGINT,
  "receipt" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "finished_at" TIMESTAMPTZ(3),
  "expires_at" TIMESTAMPTZ(3),
  CONSTRAINT "data_request_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "data_request_part" (
  "request_id" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "counts" JSONB NOT NULL DEFAULT '{}',
  "files" JSONB NOT NULL DEFAULT '[]',
  "done_at" TIMESTAMPTZ(3),
  CONSTRAINT "data_request_part_pkey" PRIMARY KEY ("request_id","service")
);

CREATE INDEX "email_verification_user_id_idx" ON "email_verification"("user_id");
CREATE UNIQUE INDEX "oauth_identity_user_id_provider_key" ON "oauth_identity"("user_id", "provider");

CREATE INDEX "oauth_attempt_expires_at_idx" ON "oauth_attempt"("expires_at");
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

CREATE INDEX "api_key_user_id_created_at_idx" ON "api_key"("user_id", "created_at");
CREATE INDEX "letter_user_id_idx" ON "letter"("user_id");

CREATE INDEX "role_request_state_created_at_idx" ON "role_request"("state", "created_at");
-- one wish at a time
CREATE UNIQUE INDEX "role_request_pending" ON "role_request"("user_id", "role") WHERE "state" = 'PENDING';
CREATE INDEX "role_request_user_id_idx" ON "role_request"("user_id");

CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");
CREATE INDEX "audit_entry_actor_id_id_idx" ON "audit_entry"("actor_id", "id");

CREATE INDEX "audit_entry_subject_id_id_idx" ON "audit_entry"("subject_id", "id");
CREATE INDEX "data_request_user_id_created_at_idx" ON "data_request"("user_id", "created_at");

ALTER TABLE "email_verification" ADD CONSTRAINT "email_verification_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "oauth_identity" ADD CONSTRAINT "oauth_identity_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "api_key" ADD CONSTRAINT "api_key_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "device" ADD CONSTRAINT "device_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "letter" ADD CONSTRAINT "letter_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "role_request" ADD CONSTRAINT "role_request_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "data_request_part" ADD CONSTRAINT "data_request_part_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "data_request"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "user_look_alike_key_key" ON "user"("look_alike_key");

-- the log is appended to; erasure alone may empty what tells where somebody was
CREATE FUNCTION keep_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.ip IS NULL AND NEW.user_agent IS NULL
    AND (NEW.id, NEW.at, NEW.actor_id, NEW.action, NEW.subject_id, NEW.outcome, NEW.details)
      IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.action, OLD.subject_id, OLD.outcome, OLD.details)
  THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit entries are kept as they are';
END $$;
CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION keep_audit_entry();
CREATE TRIGGER audit_log_is_kept BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_entry();
