// Whether a text is the address of a place in Cloud Storage where a provider may leave what it makes.

export function isBucketAddress(text: string): boolean {
  return /^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](?:\/\S*)?$/.test(text);
}
