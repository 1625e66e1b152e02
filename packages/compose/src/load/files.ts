import type { Project } from '../model/project.ts';
import { isAbsolutePath, joinPath } from '../paths/posix.ts';
import type { Session } from './session.ts';

/** Records what deploying the project reads besides what the load has read. */
export function recordFiles(project: Project, session: Session): void {
  for (const secret of Object.values(project.secrets))
    if (secret.file !== undefined) session.need('secret', secret.file, false);
  for (const config of Object.values(project.configs))
    if (config.file !== undefined) session.need('config', config.file, false);
  for (const { build } of Object.values(project.services)) {
    if (build === undefined) continue;
    const { context = '', dockerfile, additional_contexts: others = {}, ssh = [] } = build;
    for (const folder of [context, ...Object.values(others)]) {
      if (isAbsolutePath(folder)) session.need('build-context', folder, false);
    }
    for (const key of ssh) {
      const file = key.slice(key.indexOf(': ') + 2);
      if (key.includes(': ')) session.need('ssh-key', file, false);
    }
    if (dockerfile !== undefined && isAbsolutePath(context)) {
      const file = isAbsolutePath(dockerfile) ? dockerfile : joinPath(context, dockerfile);
      session.need('dockerfile', file, false);
    }
  }
}
