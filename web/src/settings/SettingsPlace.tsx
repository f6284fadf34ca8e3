import { PlaceHeader } from "../app/PlaceHeader";

export function SettingsPlace() {
  return (
    <main>
      <PlaceHeader>
        <h2>Settings</h2>
      </PlaceHeader>
    </main>
  );
}
