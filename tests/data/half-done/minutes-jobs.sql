BEGIN TRANSACTION;
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('379a9f35-21f1-4ca9-ae72-b7a8d7ca8b7e','1',1795427752000,1795427752000,'minutesai');
CREATE TABLE dbos_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_migrations" VALUES(125);
CREATE TABLE notifications (
    message_uuid TEXT NOT NULL DEFAULT (hex(randomblob(16))) PRIMARY KEY,
    destination_uuid TEXT NOT NULL,
    topic TEXT,
    message TEXT NOT NULL,
    created_at_epoch_ms INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000), "serialization" TEXT DEFAULT NULL, "consumed" BOOLEAN NOT NULL DEFAULT FALSE, consumed_by_function_id INTEGER,
    FOREIGN KEY (destination_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE "operation_outputs" (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    function_name TEXT NOT NULL DEFAULT '',
    output TEXT,
    error TEXT,
    child_workflow_id TEXT,
    started_at_epoch_ms INTEGER,
    completed_at_epoch_ms INTEGER,
    serialization TEXT,
    application_name TEXT DEFAULT NULL,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    PRIMARY KEY (workflow_uuid, function_id)
);
INSERT INTO "operation_outputs" VALUES('0c842dfa6fda13932b171baed4c3bd9c',1,'DBOS.patch-hear-by-windows',NULL,NULL,NULL,1795427753575,1795427753575,NULL,'minutesai',1795427753000);
INSERT INTO "operation_outputs" VALUES('0c842dfa6fda13932b171baed4c3bd9c',2,'open_recording','{"language":"ko","utterances":[{"number":1,"start":3.0,"end":null,"speaker":"김지수","text":"결재 모듈 테스트가 아직 끝나지 않았습니다."},{"number":2,"start":12.0,"end":null,"speaker":"박민호","text":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다."},{"number":3,"start":31.0,"end":null,"speaker":"이영희","text":"회이록은 제가 금요일까지 정리해서 공유하겠습니다."},{"number":4,"start":40.0,"end":null,"speaker":"김지수","text":"결재 모듈과 결재 모듈 문서는 같이 봅시다."}],"notices":[]}',NULL,NULL,1795427753581,1795427753777,'portable_json','minutesai',1795427753000);
INSERT INTO "operation_outputs" VALUES('0c842dfa6fda13932b171baed4c3bd9c',3,'keep_utterances','4',NULL,NULL,1795427753779,1795427753792,'portable_json','minutesai',1795427753000);
INSERT INTO "operation_outputs" VALUES('0c842dfa6fda13932b171baed4c3bd9c',4,'ask_for_minutes','null',NULL,NULL,1795427753796,1795427753799,'portable_json','minutesai',1795427753000);
INSERT INTO "operation_outputs" VALUES('0c842dfa6fda13932b171baed4c3bd9c',5,'finish','null',NULL,NULL,1795427753804,1795427753806,'portable_json','minutesai',1795427753000);
INSERT INTO "operation_outputs" VALUES('dacdc8b0350d72b31cf0c9fee4e5436a',1,'plan','{"engine":"ollama:gemma3:4b","parts":[[1,4]],"notices":[],"language":"ko","transcript_job":"0c842dfa6fda13932b171baed4c3bd9c"}',NULL,NULL,1795427755762,1795427757553,'portable_json','minutesai',1795427757000);
INSERT INTO "operation_outputs" VALUES('dacdc8b0350d72b31cf0c9fee4e5436a',2,'DBOS.patch-read-parts-together',NULL,NULL,NULL,1795427757565,1795427757565,NULL,'minutesai',1795427757000);
INSERT INTO "operation_outputs" VALUES('dacdc8b0350d72b31cf0c9fee4e5436a',3,'read_all','[{"items":[{"kind":"topic","text":"예산은 3천만 원이고 12월 10일에 출시하기로","utterances":[1,2,3,4],"quote":null,"owner":null,"due":null,"due_text":null,"start":null,"verified":false,"replaces":null,"replaces_at":[],"edited":false},{"kind":"decision","text":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.","utterances":[2],"quote":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.","owner":null,"due":null,"due_text":null,"start":null,"verified":false,"replaces":null,"replaces_at":[],"edited":false},{"kind":"action","text":"회이록은 제가 금요일까지 정리해서 공유하겠습니다.","utterances":[3],"quote":"회이록은 제가 금요일까지 정리해서 공유하겠습니다.","owner":"이영희","due":null,"due_text":"금요일","start":null,"verified":false,"replaces":null,"replaces_at":[],"edited":false},{"kind":"fact","text":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.","utterances":[2],"quote":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.","owner":null,"due":null,"due_text":null,"start":null,"verified":false,"replaces":null,"replaces_at":[],"edited":false}],"unread":[],"tokens":848,"covered":[[1,4]]}]',NULL,NULL,1795427757568,1795427757640,'portable_json','minutesai',1795427757000);
CREATE TABLE queues (
    queue_id TEXT PRIMARY KEY DEFAULT (hex(randomblob(16))),
    name TEXT NOT NULL UNIQUE,
    concurrency INTEGER,
    worker_concurrency INTEGER,
    rate_limit_max INTEGER,
    rate_limit_period_sec REAL,
    priority_enabled BOOLEAN NOT NULL DEFAULT FALSE,
    partition_queue BOOLEAN NOT NULL DEFAULT FALSE,
    polling_interval_sec REAL NOT NULL DEFAULT 1.0,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL, "partition_concurrency" INTEGER DEFAULT NULL, "partition_worker_concurrency" INTEGER DEFAULT NULL, "partition_rate_limit_max" INTEGER DEFAULT NULL, "partition_rate_limit_period_sec" REAL DEFAULT NULL);
INSERT INTO "queues" VALUES('CC469EA3168BB0BADC40E97B4707D094','transcribe',NULL,1,NULL,NULL,1,0,0.2,1795427752000,1795427755550,'minutesai',NULL,NULL,NULL,NULL);
INSERT INTO "queues" VALUES('0414C33E373A1CCEB90AB5175C18AF7F','minutes',NULL,2,NULL,NULL,1,0,0.2,1795427752000,1795427755565,'minutesai',NULL,NULL,NULL,NULL);
CREATE TABLE streams (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    "offset" INTEGER NOT NULL, function_id INTEGER NOT NULL DEFAULT 0, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key, "offset"),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events (
    workflow_uuid TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid) 
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_events_history (
    workflow_uuid TEXT NOT NULL,
    function_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL, "serialization" TEXT DEFAULT NULL,
    PRIMARY KEY (workflow_uuid, function_id, key),
    FOREIGN KEY (workflow_uuid) REFERENCES workflow_status(workflow_uuid)
        ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE TABLE workflow_input (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    inputs TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_input" VALUES('0c842dfa6fda13932b171baed4c3bd9c','{"namedArgs":{},"positionalArgs":[{"job_id":"0c842dfa6fda13932b171baed4c3bd9c","user_id":"bfec2cbe8836448dbe83987dac289d22","meeting_id":"84178bd475c04ed49e3311fb5797d1dc","options":{"language":null,"whisper_model":null,"then":null}}]}',1795427750000);
INSERT INTO "workflow_input" VALUES('dacdc8b0350d72b31cf0c9fee4e5436a','{"namedArgs":{},"positionalArgs":[{"job_id":"dacdc8b0350d72b31cf0c9fee4e5436a","user_id":"bfec2cbe8836448dbe83987dac289d22","meeting_id":"84178bd475c04ed49e3311fb5797d1dc","options":{"llm":"ollama:gemma3:4b","style_version":null,"template":{"key":"general","name":"","sections":["decision","action","question","fact"],"titles":{},"focus":""},"language":null,"base":null,"gap":null,"correct":false,"transcript":"0c842dfa6fda13932b171baed4c3bd9c","for":"version 1"}}]}',1795427753000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_output" VALUES('0c842dfa6fda13932b171baed4c3bd9c','null',NULL,1795427753000);
CREATE TABLE workflow_schedules (
    schedule_id TEXT PRIMARY KEY,
    schedule_name TEXT NOT NULL UNIQUE,
    workflow_name TEXT NOT NULL,
    workflow_class_name TEXT,
    schedule TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'ACTIVE',
    context TEXT NOT NULL
, "last_fired_at" TEXT DEFAULT NULL, "automatic_backfill" BOOLEAN NOT NULL DEFAULT FALSE, "cron_timezone" TEXT DEFAULT NULL, "queue_name" TEXT DEFAULT NULL, "application_name" TEXT DEFAULT NULL);
CREATE TABLE workflow_status (
    workflow_uuid TEXT PRIMARY KEY,
    status TEXT,
    name TEXT,
    authenticated_user TEXT,
    assumed_role TEXT,
    authenticated_roles TEXT,
    request TEXT,
    output TEXT,
    error TEXT,
    executor_id TEXT,
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    updated_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    application_version TEXT,
    application_id TEXT,
    class_name TEXT DEFAULT NULL,
    config_name TEXT DEFAULT NULL,
    recovery_attempts INTEGER DEFAULT 0,
    queue_name TEXT,
    workflow_timeout_ms INTEGER,
    workflow_deadline_epoch_ms INTEGER,
    inputs TEXT,
    started_at_epoch_ms INTEGER,
    deduplication_id TEXT,
    priority INTEGER NOT NULL DEFAULT 0
, queue_partition_key TEXT, forked_from TEXT, "owner_xid" TEXT DEFAULT NULL, "parent_workflow_id" TEXT DEFAULT NULL, "serialization" TEXT DEFAULT NULL, "delay_until_epoch_ms" BIGINT DEFAULT NULL, "was_forked_from" BOOLEAN NOT NULL DEFAULT FALSE, "rate_limited" BOOLEAN NOT NULL DEFAULT FALSE, "completed_at" BIGINT, "attributes" TEXT, "schedule_name" TEXT, "debounce_deadline_epoch_ms" BIGINT DEFAULT NULL, "is_debounced" BOOLEAN NOT NULL DEFAULT FALSE, "application_name" TEXT DEFAULT NULL, "creator_xid" TEXT DEFAULT NULL);
INSERT INTO "workflow_status" VALUES('0c842dfa6fda13932b171baed4c3bd9c','SUCCESS','transcribe',NULL,NULL,NULL,NULL,NULL,NULL,'local',1795427750000,1795427753000,'1',NULL,NULL,NULL,1,'transcribe',NULL,NULL,NULL,1795427753000,NULL,0,NULL,NULL,NULL,NULL,'portable_json',NULL,0,0,1795427753000,'null',NULL,NULL,0,'minutesai','e42290bf-b85f-4cda-822f-e0d84dddaba0');
INSERT INTO "workflow_status" VALUES('dacdc8b0350d72b31cf0c9fee4e5436a','PENDING','minutes',NULL,NULL,NULL,NULL,NULL,NULL,'local',1795427753000,1795427755000,'1',NULL,NULL,NULL,1,'minutes',NULL,NULL,NULL,1795427755000,NULL,0,NULL,NULL,'f7bca064-6daf-4dae-ad05-4d6194dd564f',NULL,'portable_json',NULL,0,0,NULL,'null',NULL,NULL,0,'minutesai','b11567d4-7cf9-4f8a-9e7c-24cc33f5cea8');
CREATE INDEX workflow_status_created_at_index ON workflow_status (created_at);
CREATE INDEX idx_workflow_topic ON notifications (destination_uuid, topic);
CREATE INDEX "idx_workflow_status_delayed" ON "workflow_status" ("delay_until_epoch_ms") WHERE status = 'DELAYED';
CREATE INDEX "idx_workflow_status_forked_from" ON "workflow_status" ("forked_from") WHERE "forked_from" IS NOT NULL;
CREATE INDEX "idx_workflow_status_parent_workflow_id" ON "workflow_status" ("parent_workflow_id") WHERE "parent_workflow_id" IS NOT NULL;
CREATE UNIQUE INDEX "uq_workflow_status_dedup_id" ON "workflow_status" ("queue_name", "deduplication_id") WHERE "deduplication_id" IS NOT NULL;
CREATE INDEX "idx_workflow_status_pending" ON "workflow_status" ("created_at") WHERE "status" = 'PENDING';
CREATE INDEX "idx_workflow_status_failed" ON "workflow_status" ("status", "created_at") WHERE "status" IN ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED');
CREATE INDEX "idx_workflow_status_rate_limited" ON "workflow_status" ("queue_name", "started_at_epoch_ms") WHERE "rate_limited" = TRUE;
CREATE INDEX "idx_workflow_status_completed_at" ON "workflow_status" ("completed_at") WHERE "completed_at" IS NOT NULL;
CREATE INDEX "idx_workflow_status_started_at" ON "workflow_status" ("started_at_epoch_ms") WHERE "started_at_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_workflow_status_schedule_name" ON "workflow_status" ("schedule_name") WHERE "schedule_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_owner_version"
    ON application_versions ("application_name", "version_name")
    WHERE "application_name" IS NOT NULL;
CREATE UNIQUE INDEX "uq_application_versions_unclaimed_version"
    ON application_versions ("version_name")
    WHERE "application_name" IS NULL;
CREATE INDEX idx_workflow_input_retention
    ON workflow_input (retention_timestamp);
CREATE INDEX idx_workflow_output_retention
    ON workflow_output (retention_timestamp);
CREATE INDEX idx_operation_outputs_retention
    ON operation_outputs (retention_timestamp);
CREATE INDEX "idx_workflow_status_in_flight_v2" ON "workflow_status" ("queue_name", "status", "priority", "created_at", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING');
CREATE INDEX "idx_workflow_status_partition_dequeue_v3" ON "workflow_status" ("queue_name", "status", "queue_partition_key", "priority", "created_at", "workflow_uuid", "application_name") WHERE "status" IN ('ENQUEUED', 'PENDING') AND "queue_partition_key" IS NOT NULL;
CREATE INDEX "idx_operation_outputs_completed_at_function_name_v2" ON "operation_outputs" ("completed_at_epoch_ms", "function_name", "application_name");
CREATE INDEX "idx_workflow_status_deadline" ON "workflow_status" ("workflow_deadline_epoch_ms") WHERE "status" IN ('ENQUEUED', 'PENDING', 'DELAYED') AND "workflow_deadline_epoch_ms" IS NOT NULL;
CREATE INDEX "idx_application_versions_timestamp" ON "application_versions" ("version_timestamp" DESC);
CREATE INDEX "idx_application_versions_owner_timestamp" ON "application_versions" ("application_name", "version_timestamp" DESC);
COMMIT;
