BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE calibration (
	model VARCHAR NOT NULL, 
	ratio FLOAT NOT NULL, 
	samples INTEGER NOT NULL, 
	PRIMARY KEY (model)
);
CREATE TABLE choice (
	owner VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY (owner, name)
);
CREATE TABLE datasource_outputs (
            workflow_id TEXT NOT NULL,
            step_id INTEGER NOT NULL,
            output TEXT,
            error TEXT,
            serialization TEXT,
            created_at INTEGER NOT NULL DEFAULT (strftime('%s','now') * 1000),
            PRIMARY KEY (workflow_id, step_id)
        );
INSERT INTO "datasource_outputs" VALUES('4d8f7d6b2bc302112a95aa13615dc8e0',4,'4',NULL,'portable_json',1795427747000);
CREATE TABLE dbos_datasource_migrations (version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "dbos_datasource_migrations" VALUES(1);
CREATE TABLE heard_window (
	job_id VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	meeting_id VARCHAR NOT NULL, 
	start FLOAT NOT NULL, 
	"end" FLOAT NOT NULL, 
	lines INTEGER NOT NULL, 
	segments JSON NOT NULL, 
	tries INTEGER NOT NULL, 
	PRIMARY KEY (job_id, ordinal), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);
INSERT INTO "heard_window" VALUES('4d8f7d6b2bc302112a95aa13615dc8e0',0,'e02f764e98fc4d10b13720dab855e58a',0.0,16.0665625,4,'[{"start": 0.704, "end": 3.604, "text": "\ub450 \uba85\uc774 \uae30\uc220 \uba74\uc811\uc744 \ud1b5\uacfc\ud588\uc2b5\ub2c8\ub2e4."}, {"start": 4.604, "end": 7.504, "text": "\uc624\ub958\ub97c \uacaa\ub294 \uc0ac\uc6a9\uc790\uac00 \uc5bc\ub9c8\ub098 \ub429\ub2c8\uae4c?"}, {"start": 7.95, "end": 11.304, "text": "\ud3c9\uade0 \ub2f5\ubcc0 \uc2dc\uac04\uc740 \ud604\uc7ac \uc544\ud649 \uc2dc\uac04\uc785\ub2c8\ub2e4."}, {"start": 12.174, "end": 15.624, "text": "\uc0ac\uc6a9\uc790\ub4e4\uc774 \ub2e4\ud06c \ubaa8\ub4dc\ub97c \uc544\uc8fc \uc88b\uc544\ud569\ub2c8\ub2e4."}]',0);
CREATE TABLE "item" (
	minutes_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	owner VARCHAR, 
	due VARCHAR, 
	due_text VARCHAR, 
	utterances JSON NOT NULL, 
	quote VARCHAR, 
	start FLOAT, 
	verified BOOLEAN NOT NULL, 
	replaces VARCHAR, 
	replaces_at JSON DEFAULT '[]' NOT NULL, 
	edited BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (minutes_id, position), 
	FOREIGN KEY(minutes_id) REFERENCES minutes (id)
);
CREATE TABLE job (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	meeting_id VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	options JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	progress FLOAT NOT NULL, 
	step VARCHAR NOT NULL, 
	step_facts JSON NOT NULL, 
	error JSON, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, found JSON DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id), 
	FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "job" VALUES('4d8f7d6b2bc302112a95aa13615dc8e0','63b7004453524a628570a4b2d54b81bd','e02f764e98fc4d10b13720dab855e58a','transcribe','{"language": null, "whisper_model": "@WHISPER@", "then": {"llm": "extractive", "style_version": null, "template": {"key": "general", "name": "", "sections": ["decision", "action", "question", "fact"], "titles": {}, "focus": ""}, "language": null, "base": null, "gap": null, "correct": false}}','running',0.0,'hearing','{"speed": null, "seconds_left": null}','null','2026-11-23 09:55:43.695332','2026-11-23 09:55:47.394633','[]');
CREATE TABLE lease (
	id VARCHAR NOT NULL, 
	host VARCHAR NOT NULL, 
	process INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	granted BOOLEAN NOT NULL, 
	created_at FLOAT NOT NULL, 
	beat_at FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE meeting (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	recording_id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	held_at DATETIME NOT NULL, 
	held_at_guessed BOOLEAN NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	language VARCHAR, 
	transcript_job VARCHAR, 
	cut_at FLOAT, 
	sample BOOLEAN NOT NULL, 
	deleted_at DATETIME, 
	created_at DATETIME NOT NULL, notices JSON DEFAULT '[]' NOT NULL, edited_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(recording_id) REFERENCES recording (id), 
	FOREIGN KEY(user_id) REFERENCES user (id), 
	UNIQUE (recording_id)
);
INSERT INTO "meeting" VALUES('e02f764e98fc4d10b13720dab855e58a','63b7004453524a628570a4b2d54b81bd','a201ed6b50614d8b96ae2c54a15165b6','녹음','2026-11-23 00:00:00.000000',0,'Asia/Seoul',NULL,NULL,NULL,0,NULL,'2026-11-23 09:55:43.686642','[]',NULL);
CREATE TABLE minutes (
	id VARCHAR NOT NULL, 
	meeting_id VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	engine VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	style_version INTEGER, 
	summary VARCHAR NOT NULL, 
	markdown VARCHAR NOT NULL, 
	system VARCHAR, 
	notices JSON NOT NULL, 
	coverage JSON NOT NULL, 
	transcript_job VARCHAR, 
	job_id VARCHAR, 
	created_at DATETIME NOT NULL, origin VARCHAR DEFAULT 'written' NOT NULL, based_on INTEGER, template JSON, 
	PRIMARY KEY (id), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id), 
	UNIQUE (job_id), 
	UNIQUE (meeting_id, version)
);
CREATE TABLE reading (
	meeting_id VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	answer JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (meeting_id, "key"), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);
CREATE TABLE recording (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	duration FLOAT, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id), 
	UNIQUE (user_id, sha256)
);
INSERT INTO "recording" VALUES('a201ed6b50614d8b96ae2c54a15165b6','63b7004453524a628570a4b2d54b81bd','4d5b11122a2ef4d60fe4590a0833ff3616950795c0d2e06cd72a411e5d990778','녹음.opus','audio',38272,16.073063,'2026-11-23 09:55:43.685384');
CREATE TABLE style (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id), 
	UNIQUE (user_id, version)
);
CREATE TABLE template (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	content JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	deleted_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE text_change (
	id INTEGER NOT NULL, 
	meeting_id VARCHAR NOT NULL, 
	transcript_job VARCHAR, 
	number INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	"before" VARCHAR NOT NULL, 
	"after" VARCHAR NOT NULL, 
	why VARCHAR, 
	job_id VARCHAR, 
	created_at DATETIME NOT NULL, 
	undone_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);
CREATE TABLE thread (
	id VARCHAR NOT NULL, 
	user_id VARCHAR NOT NULL, 
	meeting_id VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id), 
	FOREIGN KEY(user_id) REFERENCES user (id)
);
CREATE TABLE turn (
	id VARCHAR NOT NULL, 
	thread_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	question VARCHAR NOT NULL, 
	system VARCHAR, 
	user_message VARCHAR, 
	answer VARCHAR NOT NULL, 
	citations JSON NOT NULL, 
	notices JSON NOT NULL, 
	engine VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	error JSON, 
	prompt_tokens INTEGER, 
	answer_tokens INTEGER, 
	place INTEGER, 
	transcript_job VARCHAR, 
	created_at DATETIME NOT NULL, 
	beat_at DATETIME NOT NULL, host VARCHAR, process INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(thread_id) REFERENCES thread (id), 
	UNIQUE (thread_id, number)
);
CREATE TABLE user (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "user" VALUES('63b7004453524a628570a4b2d54b81bd','local','2026-11-23 09:55:43.675008');
CREATE TABLE utterance (
	meeting_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	start FLOAT, 
	"end" FLOAT, 
	speaker VARCHAR, 
	text VARCHAR NOT NULL, heard_text VARCHAR, 
	PRIMARY KEY (meeting_id, number), 
	FOREIGN KEY(meeting_id) REFERENCES meeting (id)
);
CREATE INDEX ix_lease_order ON lease (granted, priority, created_at);
CREATE INDEX ix_recording_sha256 ON recording (sha256);
CREATE INDEX ix_recording_user_id ON recording (user_id);
CREATE INDEX ix_style_user_id ON style (user_id);
CREATE INDEX ix_meeting_created_at ON meeting (created_at);
CREATE INDEX ix_meeting_user_id ON meeting (user_id);
CREATE INDEX ix_job_created_at ON job (created_at);
CREATE INDEX ix_job_meeting_id ON job (meeting_id);
CREATE INDEX ix_job_state ON job (state);
CREATE INDEX ix_job_user_id ON job (user_id);
CREATE INDEX ix_minutes_meeting_id ON minutes (meeting_id);
CREATE INDEX ix_thread_meeting_id ON thread (meeting_id);
CREATE INDEX ix_thread_user_id ON thread (user_id);
CREATE INDEX ix_turn_state ON turn (state);
CREATE INDEX ix_turn_thread_id ON turn (thread_id);
CREATE INDEX ix_template_user_id ON template (user_id);
CREATE INDEX ix_text_change_job_id ON text_change (job_id);
CREATE INDEX ix_text_change_utterance ON text_change (meeting_id, number);
CREATE INDEX ix_heard_window_meeting_id ON heard_window (meeting_id);
COMMIT;
