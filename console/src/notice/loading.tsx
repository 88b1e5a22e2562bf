import { Skeleton } from "@mantine/core";

import styles from "./notice.module.css";

/** While the first answer is awaited. The lines have the height of what will stand there, so that nothing jumps. */
export function Loading({ lines = 8 }: { lines?: number }) {
  return (
    <div className={styles["loading"]} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, n) => (
        <Skeleton key={n} height={14} radius="sm" width={`${[92, 78, 85, 64][n % 4]}%`} />
      ))}
    </div>
  );
}
