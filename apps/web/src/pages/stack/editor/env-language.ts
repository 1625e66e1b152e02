import { StreamLanguage } from '@codemirror/language';

/** Colours for `.env` files: comments, names, values. */
export const envLanguage = StreamLanguage.define<{ value: boolean }>({
  startState: () => ({ value: false }),
  token(stream, state) {
    if (stream.sol()) state.value = false;
    if (!state.value && stream.match(/^\s*#.*/)) return 'comment';
    if (!state.value && stream.match(/^\s*(export\s+)?[A-Za-z_][\w.-]*/)) return 'propertyName';
    if (stream.match(/^\$\{?\w+\}?/)) return 'variableName';
    if (stream.eat('=')) {
      state.value = true;
      return 'operator';
    }
    stream.next();
    return state.value ? 'string' : null;
  },
});
