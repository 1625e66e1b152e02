export {
  type AcceptOptions,
  acceptTunnel,
  refuseTunnel,
  type Tunnel,
  type TunnelAnswer,
  type TunnelRequestOptions,
} from './accept-tunnel.ts';
export { type AgentBuild, askChanges, askFacts, askLoad, askRenewal, giveCertificate, sendUpgrade } from './ask.ts';
export { isFingerprint, publicKeyFingerprint } from './fingerprint.ts';
export { type KeepOptions, keepTunnel, type TunnelState } from './keep-tunnel.ts';
export {
  largestMessage,
  parseMessage,
  readHello,
  readHostFacts,
  readHostLoad,
  readJoinAnswer,
  readJoinRequest,
  readNewCertificate,
  readRefusal,
  readRenewalAnswer,
} from './messages.ts';
export {
  commonProtocol,
  type DiskFacts,
  defaultTunnelPort,
  dockerTarget,
  type EngineFacts,
  type Hello,
  type HostFacts,
  type HostLoad,
  type JoinAnswer,
  type JoinRequest,
  joinAlpn,
  type KernelAbilities,
  type NewCertificate,
  type ProtocolRange,
  paths,
  protocolRange,
  type Refusal,
  type RenewalAnswer,
  serverCertificateName,
  tunnelAlpn,
  upgradeHeaders,
} from './protocol.ts';
export {
  type AgentAnswer,
  type AgentRequest,
  type ServedTunnel,
  type ServeOptions,
  serveTunnel,
} from './serve-tunnel.ts';
export type { TargetDialer } from './target-dialer.ts';
export { isTunnelError, TunnelError, type TunnelErrorCode } from './tunnel-error.ts';
