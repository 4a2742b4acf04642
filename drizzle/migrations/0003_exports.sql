CREATE TABLE `export_batch` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`sink` text NOT NULL,
	`destination` text NOT NULL,
	`made_at` integer NOT NULL,
	`seq` integer NOT NULL,
	`items` integer NOT NULL,
	`payload` blob NOT NULL,
	`attempts` integer NOT NULL,
	`tried_at` integer,
	`result` text,
	`done` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `export_batch_done` ON `export_batch` (`done`);--> statement-breakpoint
CREATE TABLE `export_mark` (
	`sink` text PRIMARY KEY NOT NULL,
	`destination` text NOT NULL,
	`since` integer NOT NULL,
	`history` integer NOT NULL,
	`change_log` integer NOT NULL,
	`telemetry` integer NOT NULL,
	`seq` integer NOT NULL,
	`batched_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `export_rate` (
	`name` text NOT NULL,
	`minute` integer NOT NULL,
	`events` integer NOT NULL,
	PRIMARY KEY(`name`, `minute`)
);
--> statement-breakpoint
CREATE TABLE `export_total` (
	`metric` text NOT NULL,
	`attributes` text NOT NULL,
	`bucket` integer NOT NULL,
	`count` integer NOT NULL,
	`sum` integer NOT NULL,
	`batched_count` integer NOT NULL,
	`batched_sum` integer NOT NULL,
	PRIMARY KEY(`metric`, `attributes`, `bucket`)
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`at` integer NOT NULL,
	`until` integer NOT NULL,
	`count` integer NOT NULL,
	`event` integer,
	`session` text,
	`project` integer,
	`record` text
);
--> statement-breakpoint
CREATE INDEX `outbox_many` ON `outbox` (`name`,at / 60000) WHERE record IS NULL;--> statement-breakpoint
CREATE TABLE `settled_event` (
	`event` integer PRIMARY KEY NOT NULL,
	`digest` integer NOT NULL,
	`revisions` integer NOT NULL
);
