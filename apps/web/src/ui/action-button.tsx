import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type ComponentProps, type ReactNode, useId } from 'react';

type Props = ButtonProps &
  Omit<ComponentProps<'button'>, keyof ButtonProps> & {
    /** Why it cannot be pressed now; shown as a tooltip. The button stays reachable so that the reason is, too. */
    readonly disabledReason?: string | undefined;
    readonly hint?: string | undefined;
  };

/** A button that, when it says no, says why. */
export function ActionButton({ disabledReason, hint, onClick, children, ...rest }: Props): ReactNode {
  const reasonId = useId();
  const disabled = disabledReason !== undefined;
  const text = disabledReason ?? hint;
  const button = (
    <Button
      {...rest}
      {...(disabled ? { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': reasonId } : {})}
      onClick={disabled ? (event) => event.preventDefault() : onClick}
    >
      {children}
    </Button>
  );
  if (text === undefined) return button;
  return (
    <>
      <Tooltip label={text}>{button}</Tooltip>
      {disabled && (
        <span id={reasonId} className="visually-hidden">
          {disabledReason}
        </span>
      )}
    </>
  );
}
