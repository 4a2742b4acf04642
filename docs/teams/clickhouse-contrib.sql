-- For the clickhouse exporter of the collector's contrib distribution, in the place of table ao_otlp and its view.
-- Its table otel_logs must be there, with column EventName.
CREATE MATERIALIZED VIEW IF NOT EXISTS ao_event_from_otel_logs TO ao_event AS
SELECT
  ResourceAttributes['service.instance.id'] AS install,
  toUInt64OrZero(LogAttributes['ao.order']) AS id,
  EventName AS name,
  LogAttributes['ao.subject_kind'] AS subject_kind,
  LogAttributes['ao.subject'] AS subject,
  LogAttributes['ao.session'] AS session,
  LogAttributes['ao.project'] AS project,
  toUInt64(toUnixTimestamp64Milli(Timestamp)) AS at,
  LogAttributes['ao.harness'] AS harness,
  LogAttributes['ao.session_kind'] AS session_kind,
  LogAttributes['ao.error_kind'] AS error_kind,
  LogAttributes['ao.error_code'] AS error_code,
  LogAttributes['ao.command'] AS command,
  LogAttributes['ao.actor'] AS actor,
  LogAttributes['ao.end_cause'] AS end_cause,
  LogAttributes['ao.certainty'] AS certainty,
  LogAttributes['ao.verdict'] AS verdict,
  LogAttributes['ao.type'] AS type,
  LogAttributes['ao.how'] AS how
FROM otel_logs
WHERE ScopeName = 'ao-projector' AND NOT (LogAttributes['ao.count'] != '' AND subject = '');
