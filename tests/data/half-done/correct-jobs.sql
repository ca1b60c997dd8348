BEGIN TRANSACTION;
CREATE TABLE application_versions (
    version_id TEXT NOT NULL PRIMARY KEY,
    version_name TEXT NOT NULL UNIQUE,
    version_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
    created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
, "application_name" TEXT DEFAULT NULL);
INSERT INTO "application_versions" VALUES('d43f4fde-0745-4cf8-bd04-8493e04111f4','1',1795427761000,1795427761000,'minutesai');
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
INSERT INTO "operation_outputs" VALUES('1d323b769c40a536c3110a24d57d2e26',1,'DBOS.patch-hear-by-windows',NULL,NULL,NULL,1795427763239,1795427763239,NULL,'minutesai',1795427763000);
INSERT INTO "operation_outputs" VALUES('1d323b769c40a536c3110a24d57d2e26',2,'open_recording','{"language":"ko","utterances":[{"number":1,"start":3.0,"end":null,"speaker":"김지수","text":"결재 모듈 테스트가 아직 끝나지 않았습니다."},{"number":2,"start":12.0,"end":null,"speaker":"박민호","text":"예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다."},{"number":3,"start":31.0,"end":null,"speaker":"이영희","text":"회이록은 제가 금요일까지 정리해서 공유하겠습니다."},{"number":4,"start":40.0,"end":null,"speaker":"김지수","text":"결재 모듈과 결재 모듈 문서는 같이 봅시다."}],"notices":[]}',NULL,NULL,1795427763243,1795427763386,'portable_json','minutesai',1795427763000);
INSERT INTO "operation_outputs" VALUES('1d323b769c40a536c3110a24d57d2e26',3,'keep_utterances','4',NULL,NULL,1795427763388,1795427763400,'portable_json','minutesai',1795427763000);
INSERT INTO "operation_outputs" VALUES('1d323b769c40a536c3110a24d57d2e26',4,'ask_for_minutes','null',NULL,NULL,1795427763406,1795427763428,'portable_json','minutesai',1795427763000);
INSERT INTO "operation_outputs" VALUES('1d323b769c40a536c3110a24d57d2e26',5,'finish','null',NULL,NULL,1795427763435,1795427763453,'portable_json','minutesai',1795427763000);
INSERT INTO "operation_outputs" VALUES('6f239887cfbe8af507d78cdd693ed8d1',1,'plan_correction','{"engine":"ollama:gemma3:4b","language":"ko","transcript":"1d323b769c40a536c3110a24d57d2e26","terms":[],"parts":[[1,4]]}',NULL,NULL,1795427765778,1795427767229,'portable_json','minutesai',1795427767000);
INSERT INTO "operation_outputs" VALUES('6f239887cfbe8af507d78cdd693ed8d1',2,'read_correction','{"taken":[[1,"결재 모듈","결제 모듈","결제 모듈?"],[3,"회이록","회의록","회의록?"]],"refused":{},"unread":[]}',NULL,NULL,1795427767236,1795427767284,'portable_json','minutesai',1795427767000);
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
INSERT INTO "queues" VALUES('E85AB3C74639FE70741AE913DE894598','transcribe',NULL,1,NULL,NULL,1,0,0.2,1795427762000,1795427765564,'minutesai',NULL,NULL,NULL,NULL);
INSERT INTO "queues" VALUES('4EECAA95422E98267C81ED7C9597BCCB','minutes',NULL,2,NULL,NULL,1,0,0.2,1795427762000,1795427765575,'minutesai',NULL,NULL,NULL,NULL);
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
INSERT INTO "workflow_input" VALUES('1d323b769c40a536c3110a24d57d2e26','{"namedArgs":{},"positionalArgs":[{"job_id":"1d323b769c40a536c3110a24d57d2e26","user_id":"d9798131046244ccb9b72a70c923ba31","meeting_id":"c8d953fbaef841759b24792123ac807f","options":{"language":null,"whisper_model":null,"then":null}}]}',1795427760000);
INSERT INTO "workflow_input" VALUES('6f239887cfbe8af507d78cdd693ed8d1','{"namedArgs":{},"positionalArgs":[{"job_id":"6f239887cfbe8af507d78cdd693ed8d1","user_id":"d9798131046244ccb9b72a70c923ba31","meeting_id":"c8d953fbaef841759b24792123ac807f","options":{"llm":"ollama:gemma3:4b","transcript":"1d323b769c40a536c3110a24d57d2e26","for":"correction 1","then":{"llm":"ollama:gemma3:4b","style_version":null,"template":{"key":"general","name":"","sections":["decision","action","question","fact"],"titles":{},"focus":""},"language":null,"base":null,"gap":null,"correct":false}}}]}',1795427763000);
CREATE TABLE workflow_output (
    workflow_uuid TEXT NOT NULL PRIMARY KEY,
    output TEXT,
    error TEXT,
    retention_timestamp INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000)
);
INSERT INTO "workflow_output" VALUES('1d323b769c40a536c3110a24d57d2e26','null',NULL,1795427763000);
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
INSERT INTO "workflow_status" VALUES('1d323b769c40a536c3110a24d57d2e26','SUCCESS','transcribe',NULL,NULL,NULL,NULL,NULL,NULL,'local',1795427760000,1795427763000,'1',NULL,NULL,NULL,1,'transcribe',NULL,NULL,NULL,1795427763000,NULL,0,NULL,NULL,NULL,NULL,'portable_json',NULL,0,0,1795427763000,'null',NULL,NULL,0,'minutesai','46dbbeec-a31e-468e-9fca-bf6dcf1348f9');
INSERT INTO "workflow_status" VALUES('6f239887cfbe8af507d78cdd693ed8d1','PENDING','correct',NULL,NULL,NULL,NULL,NULL,NULL,'local',1795427763000,1795427765000,'1',NULL,NULL,NULL,1,'minutes',NULL,NULL,NULL,1795427765000,NULL,0,NULL,NULL,'22c87ea1-1a2f-40e7-9300-898d1b05342c',NULL,'portable_json',NULL,0,0,NULL,'null',NULL,NULL,0,'minutesai','0d3c948a-1c63-4350-ac93-1f1bdb162574');
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
