import type { FieldKind } from "../store/table.ts";
import type { EntitySet } from "./entity-set.ts";

const TYPES: Record<FieldKind, string> = {
  text: "Edm.String",
  decimal: "Edm.Decimal",
  int: "Edm.Int32",
  date: "Edm.DateTimeOffset",
  time: "Edm.DateTimeOffset",
  yesno: "Microsoft.Dynamics.DataEntities.NoYes",
};

export function serviceDocument(sets: readonly EntitySet[], url: string): object {
  return {
    "@odata.context": `${url}/data/$metadata`,
    value: sets.flatMap(({ names }) => names.map((name) => ({ name, kind: "EntitySet", url: name }))),
  };
}

/** Enough of the metadata to see sets, keys and fields; names come from declarations in the code, so nothing needs escaping. */
export function metadataOf(sets: readonly EntitySet[]): string {
  const types = sets.map(({ entity, table }) => {
    const keys = table.key.map((name) => `<PropertyRef Name="${name}"/>`).join("");
    const fields = Object.entries(table.fields)
      .map(([name, kind]) => `<Property Name="${name}" Type="${TYPES[kind]}"/>`)
      .join("");
    return `<EntityType Name="${entity}"><Key>${keys}</Key>${fields}</EntityType>`;
  });
  const members = sets.flatMap(({ names, entity }) =>
    names.map((name) => `<EntitySet Name="${name}" EntityType="Microsoft.Dynamics.DataEntities.${entity}"/>`),
  );
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.DataEntities" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EnumType Name="NoYes"><Member Name="No" Value="0"/><Member Name="Yes" Value="1"/></EnumType>',
    ...types,
    `<EntityContainer Name="Resources">${members.join("")}</EntityContainer>`,
    "</Schema></edmx:DataServices></edmx:Edmx>",
  ].join("\n");
}
