import type postgres from 'postgres';

type Sql = postgres.ISql;

/** Engine: notes a picture for its account, or marks a known one as used. False: the account's quota is full. */
export async function noteUpload(
  sql: Sql,
  upload: { userId: string; name: string; bytes: number; quotaBytes: number },
): Promise<boolean> {
  const [row] = await sql<{ kept: boolean }[]>`
    select social.keep_upload(${upload.userId}, ${upload.name}, ${upload.bytes}, ${upload.quotaBytes}) as kept`;
  return row?.kept ?? false;
}

/** Engine: what the account's pictures take. */
export async function countUploads(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select coalesce(sum(bytes), 0)::float8 as bytes from social.uploads where user_id = ${userId}`;
  return row?.bytes ?? 0;
}

/** Engine, in the transaction that shows them: pictures stay for a day more. False when one is gone. */
export async function useUploads(sql: Sql, names: readonly string[]): Promise<boolean> {
  const rows = await sql`
    update social.uploads set used_at = clock_timestamp() where name = any(${[...names]}::text[]) returning 1`;
  return rows.length === new Set(names).size;
}

/** Engine: pictures that nothing shows and nothing has used for a day, the oldest first. */
export async function listIdleUploads(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select name from social.uploads
     where used_at < clock_timestamp() - interval '1 day' and not social.upload_shown(name) order by used_at limit ${most}`;
  return rows.map((row) => row.name);
}

/** Engine: forgets a picture that nothing shows; true when its file may go. See social.drop_upload. */
export async function dropUpload(sql: Sql, name: string): Promise<boolean> {
  const [row] = await sql<{ dropped: boolean }[]>`select social.drop_upload(${name}) as dropped`;
  return row?.dropped ?? false;
}
