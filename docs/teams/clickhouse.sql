-- The events of many installs, for `ao-projector funnel --engine clickhouse`.
CREATE TABLE IF NOT EXISTS ao_event (
  install String,
  id UInt64,
  name LowCardinality(String),
  subject_kind LowCardinality(String),
  subject String,
  session String,
  project String,
  at UInt64,
  harness LowCardinality(String),
  session_kind LowCardinality(String),
  error_kind LowCardinality(String),
  error_code LowCardinality(String),
  command LowCardinality(String),
  actor LowCardinality(String),
  end_cause LowCardinality(String),
  certainty LowCardinality(String),
  verdict LowCardinality(String),
  type LowCardinality(String),
  how LowCardinality(String)
) ENGINE = ReplacingMergeTree ORDER BY (install, session, id);

-- What the collector posts: an OTLP/JSON request a row. It is handed to the view and not kept.
CREATE TABLE IF NOT EXISTS ao_otlp (request String) ENGINE = Null;

-- Rows of each request. OTLP/JSON has integers as texts, though some senders write numbers; both are read here.
CREATE MATERIALIZED VIEW IF NOT EXISTS ao_event_from_otlp TO ao_event AS
WITH
  arrayJoin(JSONExtract(request, 'resourceLogs', 'Array(Tuple(
    resource Tuple(attributes Array(Tuple(key String, value Tuple(stringValue String)))),
    scopeLogs Array(Tuple(
      scope Tuple(name String),
      logRecords Array(Tuple(
        timeUnixNano UInt64,
        eventName String,
        attributes Array(Tuple(key String, value Tuple(stringValue String, intValue String)))
      ))
    ))
  ))')) AS of_resource,
  arrayJoin(of_resource.scopeLogs) AS of_scope,
  arrayJoin(of_scope.logRecords) AS record,
  mapFromArrays(of_resource.resource.attributes.key, of_resource.resource.attributes.value.stringValue) AS resource,
  mapFromArrays(
    record.attributes.key,
    arrayMap(value -> value.stringValue || value.intValue, record.attributes.value)
  ) AS attributes
SELECT
  resource['service.instance.id'] AS install,
  toUInt64OrZero(attributes['ao.order']) AS id,
  record.eventName AS name,
  attributes['ao.subject_kind'] AS subject_kind,
  attributes['ao.subject'] AS subject,
  attributes['ao.session'] AS session,
  attributes['ao.project'] AS project,
  intDiv(record.timeUnixNano, 1000000) AS at,
  attributes['ao.harness'] AS harness,
  attributes['ao.session_kind'] AS session_kind,
  attributes['ao.error_kind'] AS error_kind,
  attributes['ao.error_code'] AS error_code,
  attributes['ao.command'] AS command,
  attributes['ao.actor'] AS actor,
  attributes['ao.end_cause'] AS end_cause,
  attributes['ao.certainty'] AS certainty,
  attributes['ao.verdict'] AS verdict,
  attributes['ao.type'] AS type,
  attributes['ao.how'] AS how
FROM ao_otlp
-- A storm is one record with a count and no subject: nobody's step, so no row.
WHERE of_scope.scope.name = 'ao-projector' AND NOT (attributes['ao.count'] != '' AND subject = '');
