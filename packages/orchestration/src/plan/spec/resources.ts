import type {
  BlkioConfig,
  DeviceRequest as ComposeDeviceRequest,
  DeviceMapping,
  Service,
  Ulimits,
} from '@drover/compose';
import type { DeviceRequest, Resources, ThrottleDevice } from '../../model/container-body.ts';
import { bytes, nanoCpus } from './quantity.ts';

/** CPU, memory, processes, devices and limits. `deploy.resources` goes before the older keys, as in docker compose. */
export function resources(service: Service): Resources {
  const limits = service.deploy?.resources?.limits;
  const reservations = service.deploy?.resources?.reservations;
  const cdi = (service.devices ?? []).filter(isCdiDevice);
  const plain = (service.devices ?? []).filter((device) => !isCdiDevice(device));
  const requests: DeviceRequest[] = [
    ...(reservations?.devices ?? []).map((device) => deviceRequest(device, device.capabilities ?? [])),
    ...(cdi.length > 0 ? [{ Driver: 'cdi', DeviceIDs: cdi.map((device) => device.source ?? '') }] : []),
    ...(service.gpus ?? []).map((gpu) => deviceRequest(gpu, [...(gpu.capabilities ?? []), 'gpu'])),
  ];
  const pids = limits?.pids !== undefined && limits.pids > 0 ? limits.pids : service.pids_limit;
  return {
    CgroupParent: service.cgroup_parent ?? '',
    Memory: bytes(limits?.memory) || bytes(service.mem_limit),
    MemorySwap: bytes(service.memswap_limit),
    MemorySwappiness: service.mem_swappiness === undefined ? undefined : bytes(service.mem_swappiness),
    MemoryReservation: bytes(reservations?.memory) || bytes(service.mem_reservation),
    OomKillDisable: service.oom_kill_disable === true ? true : undefined,
    CpuCount: service.cpu_count ?? 0,
    CpuPeriod: service.cpu_period ?? 0,
    CpuQuota: service.cpu_quota ?? 0,
    CpuRealtimePeriod: service.cpu_rt_period ?? 0,
    CpuRealtimeRuntime: service.cpu_rt_runtime ?? 0,
    CpuShares: service.cpu_shares ?? 0,
    NanoCpus: nanoCpus(limits?.cpus) || nanoCpus(service.cpus),
    CpuPercent: Math.trunc((service.cpu_percent ?? 0) * 100),
    CpusetCpus: service.cpuset ?? '',
    DeviceCgroupRules: service.device_cgroup_rules,
    PidsLimit: pids === undefined || pids === 0 ? undefined : pids,
    Devices: plain.length > 0 ? plain.map(deviceMapping) : undefined,
    DeviceRequests: requests.length > 0 ? requests : undefined,
    Ulimits: ulimits(service.ulimits),
    ...blkio(service.blkio_config),
  };
}

/** `vendor.com/class=name`, given to the container runtime by name instead of by path. */
function isCdiDevice(device: { readonly source?: string; readonly target?: string }): boolean {
  const { source = '', target = source } = device;
  return source === target && /^[a-zA-Z][\w.-]*\/[a-zA-Z][\w-]*=[\w.:-]+$/.test(source);
}

function deviceMapping({ source = '', target = source, permissions = 'rwm' }: DeviceMapping) {
  return { PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions };
}

function deviceRequest(device: ComposeDeviceRequest, capabilities: readonly string[]): DeviceRequest {
  return {
    Driver: device.driver ?? '',
    Count: device.count ?? 0,
    DeviceIDs: device.device_ids,
    Capabilities: [capabilities],
    Options: device.options,
  };
}

function ulimits(limits: Ulimits | undefined): Resources['Ulimits'] {
  if (limits === undefined) return undefined;
  return Object.entries(limits)
    .map(([Name, limit]) =>
      typeof limit === 'number'
        ? { Name, Soft: limit, Hard: limit }
        : { Name, Soft: limit.soft ?? 0, Hard: limit.hard ?? 0 },
    )
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

function blkio(config: BlkioConfig | undefined): Resources {
  if (config === undefined) return {};
  const throttle = (devices: BlkioConfig['device_read_bps']): readonly ThrottleDevice[] | undefined =>
    devices?.map((device) => ({ Path: device.Path, Rate: Number(device.Rate) }));
  return {
    BlkioWeight: config.weight ?? 0,
    BlkioWeightDevice: config.weight_device?.map((device) => ({ Path: device.Path, Weight: device.Weight })),
    BlkioDeviceReadBps: throttle(config.device_read_bps),
    BlkioDeviceReadIOps: throttle(config.device_read_iops),
    BlkioDeviceWriteBps: throttle(config.device_write_bps),
    BlkioDeviceWriteIOps: throttle(config.device_write_iops),
  };
}
