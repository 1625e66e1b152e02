import { type Command, command } from '../command/command.ts';
import { execSpec, runSpec } from './container/specs.ts';
import { diskSpec, imagesSpec, networksSpec, pruneSpec, volumesSpec } from './disk/specs.ts';
import { environmentCreateSpec, environmentListSpec, environmentRemoveSpec } from './environment/specs.ts';
import * as host from './host/specs.ts';
import { registryListSpec, registryLoginSpec, registryLogoutSpec } from './registry/specs.ts';
import { serviceInstallSpec, serviceStatusSpec, serviceUninstallSpec } from './service/specs.ts';
import { linkSpec, loginSpec, logoutSpec, openSpec, rotateSpec } from './session/specs.ts';
import * as stack from './stack/specs.ts';
import * as swarm from './swarm/specs.ts';
import { backupSpec, completeSpec, completionSpec, helpSpec, infoSpec, versionSpec } from './system/specs.ts';
import { setSpec, unsetSpec, variablesSpec } from './variable/specs.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  command(stack.upSpec, () => import('./stack/up.ts')),
  command(stack.watchSpec, () => import('./stack/watch.ts')),
  command(stack.planSpec, () => import('./stack/plan.ts')),
  command(stack.downSpec, () => import('./stack/down.ts')),
  command(stack.listSpec, () => import('./stack/list.ts')),
  command(stack.psSpec, () => import('./stack/ps.ts')),
  command(stack.logsSpec, () => import('./stack/logs.ts')),
  command(stack.eventsSpec, () => import('./stack/events.ts')),
  command(stack.startSpec, () => import('./stack/start.ts')),
  command(stack.stopSpec, () => import('./stack/stop.ts')),
  command(stack.restartSpec, () => import('./stack/restart.ts')),
  command(stack.pullSpec, () => import('./stack/pull.ts')),
  command(stack.buildSpec, () => import('./stack/build.ts')),
  command(stack.redeploySpec, () => import('./stack/redeploy.ts')),
  command(stack.historySpec, () => import('./stack/history.ts')),
  command(stack.rollbackSpec, () => import('./stack/rollback.ts')),
  command(stack.followSpec, () => import('./stack/follow.ts')),
  command(stack.cancelSpec, () => import('./stack/cancel.ts')),
  command(stack.adoptSpec, () => import('./stack/adopt.ts')),
  command(stack.configSpec, () => import('./stack/config.ts')),
  command(stack.checkSpec, () => import('./stack/check.ts')),
  command(execSpec, () => import('./container/exec.ts')),
  command(runSpec, () => import('./container/run.ts')),
  command(imagesSpec, () => import('./disk/images.ts')),
  command(volumesSpec, () => import('./disk/volumes.ts')),
  command(networksSpec, () => import('./disk/networks.ts')),
  command(diskSpec, () => import('./disk/usage.ts')),
  command(pruneSpec, () => import('./disk/prune.ts')),
  command(environmentListSpec, () => import('./environment/list.ts')),
  command(environmentCreateSpec, () => import('./environment/create.ts')),
  command(environmentRemoveSpec, () => import('./environment/remove.ts')),
  command(host.hostAddSpec, () => import('./host/add.ts')),
  command(host.hostListSpec, () => import('./host/list.ts')),
  command(host.hostInspectSpec, () => import('./host/inspect.ts')),
  command(host.hostLabelSpec, () => import('./host/label.ts')),
  command(host.hostRenameSpec, () => import('./host/rename.ts')),
  command(host.hostDrainSpec, () => import('./host/drain.ts')),
  command(host.hostCordonSpec, () => import('./host/cordon.ts')),
  command(host.hostActivateSpec, () => import('./host/activate.ts')),
  command(host.hostRemoveSpec, () => import('./host/remove.ts')),
  command(host.hostTokensSpec, () => import('./host/tokens.ts')),
  command(host.hostRevokeSpec, () => import('./host/revoke.ts')),
  command(host.hostUpgradeSpec, () => import('./host/upgrade.ts')),
  command(swarm.swarmStatusSpec, () => import('./swarm/status.ts')),
  command(swarm.swarmSetSpec, () => import('./swarm/set.ts')),
  command(swarm.swarmRotateSpec, () => import('./swarm/rotate.ts')),
  command(swarm.swarmRecoverSpec, () => import('./swarm/recover.ts')),
  command(setSpec, () => import('./variable/set.ts')),
  command(unsetSpec, () => import('./variable/unset.ts')),
  command(variablesSpec, () => import('./variable/list.ts')),
  command(registryLoginSpec, () => import('./registry/login.ts')),
  command(registryLogoutSpec, () => import('./registry/logout.ts')),
  command(registryListSpec, () => import('./registry/list.ts')),
  command(loginSpec, () => import('./session/login.ts')),
  command(logoutSpec, () => import('./session/logout.ts')),
  command(linkSpec, () => import('./session/link.ts')),
  command(openSpec, () => import('./session/open.ts')),
  command(rotateSpec, () => import('./session/rotate.ts')),
  command(backupSpec, () => import('./system/backup.ts')),
  command(serviceInstallSpec, () => import('./service/install.ts')),
  command(serviceUninstallSpec, () => import('./service/uninstall.ts')),
  command(serviceStatusSpec, () => import('./service/status.ts')),
  command(infoSpec, () => import('./system/info.ts')),
  command(completionSpec, () => import('./system/completion.ts')),
  command(completeSpec, () => import('./system/complete.ts')),
  command(versionSpec, () => import('./system/version.ts')),
  command(helpSpec, () => import('./system/help.ts')),
];
