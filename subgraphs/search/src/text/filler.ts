/** Words that are in so many texts that to have one of them says nothing. */
const FILLERS = new Set(
  (
    'a an and at by de der die das el en et for from in is it la le les of on or the to un und une with ' +
    'а без в во для до и из или к ко ли на не но о об от по под с со у это'
  ).split(' '),
);

export const isFiller = (word: string): boolean => FILLERS.has(word);
