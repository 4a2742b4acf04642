/** What sends something somewhere: metrics and events over OTLP, events to PostHog. */
export const SINKS = ['metrics', 'logs', 'posthog'] as const;
export type SinkName = (typeof SINKS)[number];

/** A sink that sends single events, which the metrics sink does not. */
export type EventSinkName = Exclude<SinkName, 'metrics'>;

/** Something that is sent as one request, and sent again as it is until it was received. */
export interface Payload {
  readonly bytes: Uint8Array;
  /** How many events, or series of metrics, it tells. */
  readonly items: number;
}

/** What came of an attempt to send something. */
export interface Delivery {
  /**
   * `accepted` and `refused` are final: what is refused would be refused again. The receiver `erred` over the request, perhaps
   * because of what it holds; what is `failed` may pass.
   */
  readonly outcome: 'accepted' | 'refused' | 'erred' | 'failed';
  /** A sentence on what was answered, or what went wrong. */
  readonly result: string;
  /** When the receiver wants to be asked again at the earliest, in milliseconds from now; null where it did not say. */
  readonly afterMs: number | null;
}

/** Where a sink sends to and how. Nothing is opened before {@link Transport.deliver}. */
export interface Transport {
  readonly sink: SinkName;
  /** The address without what may be secret in it. */
  readonly destination: string;
  /** Exactly what a request for a payload would hold at this moment, before it is compressed. */
  body(payload: Uint8Array): Promise<Uint8Array>;
  /** Sends a payload once. Never rejects: what goes wrong is an outcome. */
  deliver(payload: Uint8Array, signal: AbortSignal): Promise<Delivery>;
}
