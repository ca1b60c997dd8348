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
INSERT INTO "calibration" VALUES('ollama:gemma3:4b',9.61882135273216420934e-01,1);
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
INSERT INTO "job" VALUES('1d323b769c40a536c3110a24d57d2e26','d9798131046244ccb9b72a70c923ba31','c8d953fbaef841759b24792123ac807f','transcribe','{"language": null, "whisper_model": null, "then": null}','finished',1.0,'finished','{}','null','2026-11-23 09:56:00.430452','2026-11-23 09:56:03.449174','[]');
INSERT INTO "job" VALUES('6f239887cfbe8af507d78cdd693ed8d1','d9798131046244ccb9b72a70c923ba31','c8d953fbaef841759b24792123ac807f','correct','{"llm": "ollama:gemma3:4b", "transcript": "1d323b769c40a536c3110a24d57d2e26", "for": "correction 1", "then": {"llm": "ollama:gemma3:4b", "style_version": null, "template": {"key": "general", "name": "", "sections": ["decision", "action", "question", "fact"], "titles": {}, "focus": ""}, "language": null, "base": null, "gap": null, "correct": false}}','running',0.0,'correcting_part','{"part": 1, "parts": 1}','null','2026-11-23 09:56:03.564978','2026-11-23 09:56:07.238716','[]');
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
INSERT INTO "meeting" VALUES('c8d953fbaef841759b24792123ac807f','d9798131046244ccb9b72a70c923ba31','400038ab1a2a4749a79363c98d53c9df','회의','2026-11-23 00:00:00.000000',0,'Asia/Seoul','ko','1d323b769c40a536c3110a24d57d2e26',NULL,0,NULL,'2026-11-23 09:56:00.426233','[]',NULL);
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
INSERT INTO "reading" VALUES('c8d953fbaef841759b24792123ac807f','264967f11912b8a452b675d163e5e86c2ce8c6962e3450d299ef1d373cd46642','{"changes": [[1, "\uacb0\uc7ac \ubaa8\ub4c8", "\uacb0\uc81c \ubaa8\ub4c8", "\uacb0\uc81c \ubaa8\ub4c8?"], [3, "\ud68c\uc774\ub85d", "\ud68c\uc758\ub85d", "\ud68c\uc758\ub85d?"]]}','2026-11-23 09:56:07.280460');
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
INSERT INTO "recording" VALUES('400038ab1a2a4749a79363c98d53c9df','d9798131046244ccb9b72a70c923ba31','fe58b97f4b2a3e3e4d9bd1ea0105607ad672b1d8812ef937a5661b19662b939d','회의.txt','transcript',359,40.0,'2026-11-23 09:56:00.425088');
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
INSERT INTO "user" VALUES('d9798131046244ccb9b72a70c923ba31','local','2026-11-23 09:56:00.419830');
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
INSERT INTO "utterance" VALUES('c8d953fbaef841759b24792123ac807f',1,3.0,NULL,'김지수','결재 모듈 테스트가 아직 끝나지 않았습니다.',NULL);
INSERT INTO "utterance" VALUES('c8d953fbaef841759b24792123ac807f',2,12.0,NULL,'박민호','예산은 3천만 원이고 12월 10일에 출시하기로 결정했습니다.',NULL);
INSERT INTO "utterance" VALUES('c8d953fbaef841759b24792123ac807f',3,31.0,NULL,'이영희','회이록은 제가 금요일까지 정리해서 공유하겠습니다.',NULL);
INSERT INTO "utterance" VALUES('c8d953fbaef841759b24792123ac807f',4,40.0,NULL,'김지수','결재 모듈과 결재 모듈 문서는 같이 봅시다.',NULL);
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
