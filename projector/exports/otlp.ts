import http from 'node:http';
import https from 'node:https';
import { gzipSync } from 'node:zlib';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { type AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics';
import { version } from '../store/version.ts';
import { deliveryOf, notAnswered, post } from './http.ts';
import type { OtlpSettings, Protocol } from './settings.ts';
import type { Delivery, Transport } from './sinks.ts';

/** How each signal is written and answered in each protocol. */
export const SERIALIZERS = {
  'http/json': { METRICS: JsonMetricsSerializer, LOGS: JsonLogsSerializer },
  'http/protobuf': { METRICS: ProtobufMetricsSerializer, LOGS: ProtobufLogsSerializer },
} as const;

const CONTENT_TYPES: Readonly<Record<Protocol, string>> = {
  'http/json': 'application/json',
  'http/protobuf': 'application/x-protobuf',
};

const LONGEST_REASON = 200;

/**
 * Sends requests of one signal to an OTLP receiver. Headers and time limit are those that OpenTelemetry's own exporter
 * takes from the environment; what is sent again, and when, is decided by who calls.
 */
export class OtlpTransport implements Transport {
  readonly sink: 'metrics' | 'logs';
  readonly destination: string;
  readonly #settings: OtlpSettings;
  readonly #http: Http;
  readonly #now: () => number;
  readonly #agent: http.Agent;

  constructor(settings: OtlpSettings, now: () => number) {
    const { signal, url, certificates } = settings;
    this.sink = signal === 'METRICS' ? 'metrics' : 'logs';
    const { origin, pathname } = new URL(url);
    this.destination = `${origin}${pathname}`;
    this.#settings = settings;
    this.#now = now;
    const { Agent } = url.startsWith('https:') ? https : http;
    this.#agent = new Agent({ keepAlive: true, ...certificates });
    const headers = { 'User-Agent': `ao-projector/${version()}` };
    this.#http = convertLegacyHttpOptions({ url }, signal, `v1/${signal.toLowerCase()}`, headers);
  }

  async body(payload: Uint8Array): Promise<Uint8Array> {
    return payload;
  }

  async deliver(payload: Uint8Array, signal: AbortSignal): Promise<Delivery> {
    const { url, headers, timeoutMillis } = this.#http;
    const isCompressed = this.#settings.compression === 'gzip';
    const protocol = protocolOf(payload);
    try {
      const response = await post({
        url,
        headers: {
          ...(await headers()),
          'Content-Type': CONTENT_TYPES[protocol],
          ...(isCompressed && { 'Content-Encoding': 'gzip' }),
        },
        body: isCompressed ? gzipSync(payload) : payload,
        agent: this.#agent,
        timeoutMs: timeoutMillis,
        signal,
      });
      return deliveryOf(response, this.#partly(response.body, protocol), this.#now());
    } catch (error) {
      return notAnswered(error);
    }
  }

  /** What a receiver says that took a part of a request. */
  #partly(body: Uint8Array, protocol: Protocol): string | null {
    try {
      const { partialSuccess } = SERIALIZERS[protocol][this.#settings.signal].deserializeResponse(body) as PartlyTaken;
      if (!partialSuccess) return null;
      const rejected = Number(partialSuccess.rejectedDataPoints ?? partialSuccess.rejectedLogRecords ?? 0);
      return rejected > 0
        ? `${rejected} rejected: ${(partialSuccess.errorMessage || 'no reason given').slice(0, LONGEST_REASON)}`
        : null;
    } catch {
      // Receivers that answer with something else have taken it all the same: the status says so.
      return null;
    }
  }
}

/** A payload may have been written when another protocol was set. */
function protocolOf(payload: Uint8Array): Protocol {
  return payload[0] === '{'.charCodeAt(0) ? 'http/json' : 'http/protobuf';
}

interface PartlyTaken {
  readonly partialSuccess?: {
    readonly rejectedDataPoints?: number | string;
    readonly rejectedLogRecords?: number | string;
    readonly errorMessage?: string;
  };
}

type Http = ReturnType<typeof convertLegacyHttpOptions>;

/** Which temporality the environment prefers for each kind of instrument. */
export interface Temporalities {
  readonly counter: AggregationTemporality;
  readonly histogram: AggregationTemporality;
}

export function temporalities(): Temporalities {
  const exporter = new OTLPMetricExporter();
  return {
    counter: exporter.selectAggregationTemporality(InstrumentType.COUNTER),
    histogram: exporter.selectAggregationTemporality(InstrumentType.HISTOGRAM),
  };
}
