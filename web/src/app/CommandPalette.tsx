import { Command } from "cmdk";
import { useMemo, useState } from "react";
import { type Command as PaletteCommand, useAllCommands } from "./commands";
import "./palette.css";

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Everything that can be done from here, found by a few letters. */
export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const commands = useAllCommands();
  const [text, setText] = useState("");
  const groups = useMemo(() => byGroup(commands), [commands]);
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Commands"
      className="palette"
      overlayClassName="palette-backdrop"
      loop
    >
      <Command.Input value={text} onValueChange={setText} placeholder="Go to, open, run…" className="palette-input" />
      <Command.List className="palette-list" label="Commands">
        <Command.Empty className="palette-empty">Nothing here is called that.</Command.Empty>
        {[...groups].map(([group, members]) => (
          <Command.Group key={group} heading={group} className="palette-group">
            {members.map((command) => (
              <Command.Item
                key={command.id}
                value={command.id}
                keywords={[command.title, command.group, command.words ?? ""]}
                className="palette-item"
                onSelect={() => {
                  onOpenChange(false);
                  setText("");
                  // After the dialog gave the focus back: what the command focuses keeps it.
                  setTimeout(command.run, 0);
                }}
              >
                <span>{command.title}</span>
                {command.keys !== undefined && (
                  <span className="palette-keys" aria-hidden="true">
                    {command.keys.split(" ").map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                )}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}

function byGroup(commands: readonly PaletteCommand[]): Map<string, PaletteCommand[]> {
  const groups = new Map<string, PaletteCommand[]>();
  for (const command of commands) {
    const group = groups.get(command.group);
    if (group === undefined) groups.set(command.group, [command]);
    else group.push(command);
  }
  return groups;
}
