import { useState } from 'react';

/** The value, or while it is undefined the one that it was before: for what goes on being shown while it fades out. */
export function useLast<Value extends object>(value: Value | undefined): Value | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
