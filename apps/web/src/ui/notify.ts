import { notifications } from '@mantine/notifications';
import { refusalOf } from '../api/refusal.ts';

/** Says that something was not done, and why; stays until it is put away. */
export function notifyRefusal(title: string, error: unknown): void {
  notifications.show({ color: 'red', title, message: refusalOf(error).message, autoClose: false });
}

/** Says that something was done that shows nowhere else. */
export function notifyDone(message: string): void {
  notifications.show({ message });
}
