import { useQuery } from "@tanstack/react-query";

import { MakeToken } from "../../account/make-token.tsx";
import { TokenTable } from "../../account/token-table.tsx";
import { ask } from "../../api/query.ts";
import { PageHeader } from "../../detail/page-header.tsx";
import { Panel } from "../../detail/panel.tsx";
import { Fault } from "../../notice/fault.tsx";
import { Loading } from "../../notice/loading.tsx";

/** One's own API tokens. */
export function Tokens() {
  const { data, error, refetch } = useQuery(ask("/v1/tokens"));
  return (
    <>
      <PageHeader
        title="My tokens"
        intro="With a token a program acts in your name, with some of your permissions and for some time."
        actions={<MakeToken />}
      />
      <Panel flush>
        {data ? (
          <TokenTable tokens={data.items} />
        ) : error ? (
          <Fault error={error} again={() => void refetch()} />
        ) : (
          <Loading lines={3} />
        )}
      </Panel>
    </>
  );
}
