import type { Service } from '@drover/compose';
import type { Privileges } from '../../../model/swarm/service-spec.ts';

const offWords = new Set(['false', '0', 'off']);

/** The security options that a task can have, and on Windows the account; undefined where nothing is asked for. */
export function taskPrivileges(service: Service, credentialConfig: string | undefined): Privileges | undefined {
  const wanted: { -readonly [Key in keyof Privileges]: Privileges[Key] } = {};
  const label: Record<string, string | boolean> = {};
  for (const option of service.security_opt ?? []) {
    const [name = '', value = ''] = splitOnce(option);
    if (name === 'no-new-privileges') wanted.NoNewPrivileges = !offWords.has(value.toLowerCase());
    else if (name === 'seccomp') wanted.Seccomp = { Mode: value === 'unconfined' ? 'unconfined' : 'default' };
    else if (name === 'apparmor') wanted.AppArmor = { Mode: value === 'unconfined' ? 'disabled' : 'default' };
    else if (name === 'label') {
      const [part = '', ...rest] = value.split(':');
      if (part === 'disable') label.Disable = true;
      else if (part !== '') label[`${part.charAt(0).toUpperCase()}${part.slice(1)}`] = rest.join(':');
    }
  }
  if (Object.keys(label).length > 0) wanted.SELinuxContext = label;
  const { config, file, registry } = service.credential_spec ?? {};
  if ([config, file, registry].some((source) => (source ?? '') !== '')) {
    wanted.CredentialSpec = {
      ...(credentialConfig === undefined ? {} : { Config: credentialConfig }),
      ...(file ? { File: file } : {}),
      ...(registry ? { Registry: registry } : {}),
    };
  }
  return Object.keys(wanted).length === 0 ? undefined : wanted;
}

/** `label:user:me` and `label=user:me` are one. */
function splitOnce(option: string): readonly [name: string, value: string] {
  const at = option.search(/[=:]/);
  return at === -1 ? [option, ''] : [option.slice(0, at), option.slice(at + 1)];
}
