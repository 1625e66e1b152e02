import type * as published from '@docker/node-sdk';
import type {
  ContainerConfig,
  ContainerCreateBody,
  DeviceRequest,
  EndpointSettings,
  HealthConfig,
  HostConfig,
  ImageConfig,
  IpamPool,
  Mount,
  NetworkCreateBody,
  Resources,
  RestartPolicy,
} from '@drover/engine';
import { expectTypeOf, it } from 'vitest';

/** Fields that the published description of the API has and ours lacks. */
type Missing<Published, Ours> = Exclude<keyof Published, keyof Ours>;

it('has every field that the published description lets a client send', () => {
  expectTypeOf<Missing<published.ContainerCreateRequest, ContainerCreateBody>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ContainerConfig, ContainerConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.HostConfig, HostConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.Resources, Resources>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.RestartPolicy, RestartPolicy>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.DeviceRequest, DeviceRequest>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.HealthConfig, HealthConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ImageConfig, ImageConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.EndpointSettings, EndpointSettings>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.NetworkCreateRequest, NetworkCreateBody>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.IPAMConfig, IpamPool>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.Mount, Mount>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.MountBindOptions, NonNullable<Mount['BindOptions']>>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.MountVolumeOptions, NonNullable<Mount['VolumeOptions']>>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.MountTmpfsOptions, NonNullable<Mount['TmpfsOptions']>>>().toEqualTypeOf<never>();
});
