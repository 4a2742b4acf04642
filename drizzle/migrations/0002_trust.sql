CREATE TABLE `forgotten` (
	`kind` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`kind`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `pruning` (
	`history` integer PRIMARY KEY NOT NULL,
	`pruned_at` integer NOT NULL,
	`before_at` integer NOT NULL,
	`rows` integer NOT NULL,
	`change_log` integer
);
--> statement-breakpoint
CREATE TABLE `verification` (
	`id` integer PRIMARY KEY NOT NULL,
	`verified_at` integer NOT NULL,
	`change_log` integer NOT NULL,
	`telemetry` integer NOT NULL,
	`identical` integer NOT NULL,
	`difference` text
);
