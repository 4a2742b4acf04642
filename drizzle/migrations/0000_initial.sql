CREATE TABLE `derived_file` (
	`id` integer PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`made_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `history` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`history_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`position` integer DEFAULT 0 NOT NULL,
	`tail` text DEFAULT '[]' NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `history_history_id_unique` ON `history` (`history_id`);--> statement-breakpoint
CREATE TABLE `identity` (
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	`raw` text NOT NULL,
	PRIMARY KEY(`kind`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `install` (
	`id` integer PRIMARY KEY NOT NULL,
	`install_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `intake` (
	`history` integer PRIMARY KEY NOT NULL,
	`rowid` integer NOT NULL,
	`identity` text NOT NULL,
	`observed_born` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `journal` (
	`position` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`history` integer NOT NULL,
	`identity` text NOT NULL,
	`name` text NOT NULL,
	`at` integer NOT NULL,
	`nanos` integer NOT NULL,
	`project` integer,
	`session` text,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journal_identity` ON `journal` (`history`,`identity`);--> statement-breakpoint
CREATE TABLE `lease` (
	`id` integer PRIMARY KEY NOT NULL,
	`pid` integer NOT NULL,
	`token` text NOT NULL,
	`since` integer NOT NULL,
	`heartbeat_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rebuild_request` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`requested_at` integer NOT NULL,
	`state` text NOT NULL,
	`rows` integer NOT NULL,
	`total` integer NOT NULL,
	`error` text
);
--> statement-breakpoint
CREATE INDEX `rebuild_request_state` ON `rebuild_request` (`state`);