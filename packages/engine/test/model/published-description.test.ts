import type * as published from '@docker/node-sdk';
import type {
  ConfigSpec,
  ContainerConfig,
  ContainerCreateBody,
  ContainerSpec,
  DeviceRequest,
  EndpointSettings,
  EndpointSpec,
  HealthConfig,
  HostConfig,
  ImageConfig,
  IpamPool,
  Mount,
  NetworkAttachmentConfig,
  NetworkCreateBody,
  NodeResources,
  NodeSpec,
  Placement,
  Privileges,
  PublishedPortConfig,
  Resources,
  RestartPolicy,
  SecretSpec,
  ServiceMode,
  ServiceSpec,
  SwarmInitBody,
  SwarmJoinBody,
  SwarmSpec,
  TaskResources,
  TaskRestartPolicy,
  TaskSpec,
  UpdateConfig,
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
  expectTypeOf<Missing<published.ServiceSpec, ServiceSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ServiceSpecMode, ServiceMode>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ServiceSpecUpdateConfig, UpdateConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.EndpointSpec, EndpointSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.EndpointPortConfig, PublishedPortConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.TaskSpec, TaskSpec>>().toEqualTypeOf<never>();
  // The engine itself answers `Healthcheck` and takes either spelling.
  expectTypeOf<Missing<published.TaskSpecContainerSpec, ContainerSpec>>().toEqualTypeOf<'HealthCheck'>();
  expectTypeOf<Missing<published.TaskSpecContainerSpecPrivileges, Privileges>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.TaskSpecResources, TaskResources>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ResourceObject, NodeResources>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.TaskSpecRestartPolicy, TaskRestartPolicy>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.TaskSpecPlacement, Placement>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.NetworkAttachmentConfig, NetworkAttachmentConfig>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.NodeSpec, NodeSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.SecretSpec, SecretSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.ConfigSpec, ConfigSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.SwarmSpec, SwarmSpec>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.SwarmInitRequest, SwarmInitBody>>().toEqualTypeOf<never>();
  expectTypeOf<Missing<published.SwarmJoinRequest, SwarmJoinBody>>().toEqualTypeOf<never>();
});
