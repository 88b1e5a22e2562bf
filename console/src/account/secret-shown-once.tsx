import { Button, CopyButton, Drawer } from "@mantine/core";

import { Json } from "../code/json.tsx";

/** Something that opens doors: shown now and never again. */
export function SecretShownOnce({
  title,
  secret,
  words,
  close,
}: {
  title: string;
  secret: string;
  words: string;
  close: () => void;
}) {
  return (
    <Drawer opened onClose={close} title={title}>
      <p>{words}</p>
      <Json value={secret} label={title} />
      <CopyButton value={secret}>
        {({ copied, copy }) => <Button onClick={copy}>{copied ? "Copied" : "Copy"}</Button>}
      </CopyButton>
    </Drawer>
  );
}
