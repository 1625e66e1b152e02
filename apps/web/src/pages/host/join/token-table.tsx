import type { JoinTokenView } from '@drover/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, queries } from '../../../api/client.ts';
import { environment } from '../../../api/environment.ts';
import { ActionButton } from '../../../ui/action-button.tsx';
import { Ago } from '../../../ui/ago.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Failure } from '../../../ui/failure.tsx';
import { StateMark } from '../../../ui/state-mark.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import classes from '../host.module.css';
import { tokenLook, tokensToShow } from './token-look.ts';

const columns: readonly Column[] = [
  { name: 'Token' },
  { name: 'State', fit: true },
  { name: 'Machines', fit: true },
  { name: 'Made', fit: true },
  { name: 'Ends', fit: true },
  { name: 'Action', silent: true, fit: true },
];

/** So many are shown; the oldest that are over are left out. */
const most = 20;

/** The join tokens of the environment, never their secrets; nothing where none was made. */
export function TokenTable(): ReactNode {
  const queryClient = useQueryClient();
  const list = queries.hosts.listTokens.queryOptions();
  const { data, error, refetch } = useQuery(list);
  const [revoking, setRevoking] = useState<JoinTokenView>();
  const tokens = tokensToShow((data ?? []) as readonly JoinTokenView[], environment).slice(0, most);
  if (error !== null) return <Failure of="the join tokens" error={error} retry={() => void refetch()} />;
  if (tokens.length === 0) return null;
  return (
    <section className={classes.part}>
      <h2>Join tokens</h2>
      <Table label="Join tokens" columns={columns}>
        {tokens.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => setRevoking(token)} />
        ))}
      </Table>
      <ConfirmDialog
        opened={revoking !== undefined}
        title={`Revoke the join token ${revoking?.id}`}
        confirmWords="Revoke it"
        onConfirm={async () => {
          await api.hosts.revokeToken({ id: revoking?.id ?? '' });
          await queryClient.invalidateQueries({ queryKey: list.queryKey });
        }}
        onClose={() => setRevoking(undefined)}
      >
        <p>Its line makes no machine a host any more. Hosts that joined by it stay.</p>
      </ConfirmDialog>
    </section>
  );
}

function TokenRow({ token, onRevoke }: { readonly token: JoinTokenView; readonly onRevoke: () => void }): ReactNode {
  const look = tokenLook(token, Date.now());
  return (
    <tr>
      <td className={classes.mono}>
        <span style={{ whiteSpace: 'nowrap' }}>{token.id}</span>
      </td>
      <td data-fit>
        <StateMark look={look} /> {look.word}
      </td>
      <td data-fit>
        {token.used} of {token.uses}
        {token.replaces !== undefined && <span className={classes.quiet}> as a replacement</span>}
      </td>
      <td data-fit className={classes.quiet}>
        <Ago at={token.createdAt} />
      </td>
      <td data-fit className={classes.quiet}>
        <Ago at={token.expiresAt} />
      </td>
      <td data-fit>
        <ActionButton
          size="compact-xs"
          onClick={onRevoke}
          disabledReason={look.word === 'Open' ? undefined : 'its line works nowhere any more'}
        >
          Revoke…
        </ActionButton>
      </td>
    </tr>
  );
}
