import type { VariableView } from '@drover/contract';
import { Refusal } from '../refusal.ts';
import { assertStackName } from '../stack/stack-name.ts';
import type { StackStore, VariableRecord } from '../stack/stack-store.ts';

/** Variables and secrets that are kept with a stack and used from its next deploy on. A secret's value never comes out. */
export class Variables {
  readonly #store: StackStore;

  constructor(store: StackStore) {
    this.#store = store;
  }

  async list(stack: string): Promise<VariableView[]> {
    assertStackName(stack);
    return (await this.#store.variables(stack)).map(view);
  }

  async set(stack: string, name: string, value: string, secret: boolean): Promise<VariableView> {
    assertStackName(stack);
    if (value.includes('\0')) throw new Refusal('invalid', `setting ${name}: its value holds a NUL character`);
    return view(await this.#store.setVariable(stack, { name, value, secret }));
  }

  async unset(stack: string, name: string): Promise<{ removed: string }> {
    assertStackName(stack);
    if (!(await this.#store.unsetVariable(stack, name)))
      throw new Refusal('not-found', `unsetting ${name}: ${stack} has no variable of that name`);
    return { removed: name };
  }
}

function view({ name, secret, value, updatedAt }: VariableRecord): VariableView {
  return secret ? { name, secret, updatedAt } : { name, secret, value, updatedAt };
}
