/** The words of `find` that neither change anything nor run a program. */
export const findWords: { readonly alone: ReadonlySet<string>; readonly withValue: ReadonlySet<string> } = {
  alone: new Set(
    "( ) ! , -not -a -and -o -or -true -false -empty -print -print0 -ls -prune -quit -depth -mount -xdev -readable -writable -executable -nouser -nogroup -daystart -noleaf -nowarn -warn".split(
      " ",
    ),
  ),
  withValue: new Set(
    "-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -lname -ilname -type -xtype -size -maxdepth -mindepth -mtime -mmin -ctime -cmin -atime -amin -perm -user -group -uid -gid -links -inum -fstype -printf -newer -anewer -cnewer -samefile".split(
      " ",
    ),
  ),
};
