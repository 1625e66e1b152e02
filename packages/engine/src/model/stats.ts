import type { Wire } from './wire.ts';

export type CpuSample = Wire<{
  cpu_usage: Wire<{
    total_usage: number;
    percpu_usage: readonly number[];
    usage_in_usermode: number;
    usage_in_kernelmode: number;
  }>;
  system_cpu_usage: number;
  online_cpus: number;
  throttling_data: Wire<{ periods: number; throttled_periods: number; throttled_time: number }>;
}>;

export type BlockIoEntry = {
  readonly major: number;
  readonly minor: number;
  readonly op: string;
  readonly value: number;
};

/** `GET /containers/{id}/stats`. A stopped container answers zeros and `read` of year 1. */
export interface ContainerStats {
  /** Newer engines leave id and name out of a one-shot sample. */
  readonly id?: string;
  readonly name?: string;
  readonly read: string;
  readonly preread: string;
  readonly num_procs: number;
  readonly pids_stats: Wire<{ current: number; limit: number }> | null;
  readonly cpu_stats: CpuSample;
  /** Zeros in a one-shot sample and in the first of a stream. */
  readonly precpu_stats: CpuSample;
  readonly memory_stats: Wire<{
    usage: number;
    limit: number;
    max_usage: number;
    stats: { readonly [name: string]: number };
    /** Windows. */
    privateworkingset: number;
    commitbytes: number;
  }>;
  readonly networks?: {
    readonly [device: string]: Wire<{
      rx_bytes: number;
      tx_bytes: number;
      rx_packets: number;
      tx_packets: number;
      rx_errors: number;
      tx_errors: number;
      rx_dropped: number;
      tx_dropped: number;
    }>;
  } | null;
  readonly blkio_stats?: Wire<{
    io_service_bytes_recursive: readonly BlockIoEntry[];
    io_serviced_recursive: readonly BlockIoEntry[];
  }> | null;
  /** Windows. */
  readonly storage_stats?: Wire<{
    read_count_normalized: number;
    read_size_bytes: number;
    write_count_normalized: number;
    write_size_bytes: number;
  }> | null;
}
