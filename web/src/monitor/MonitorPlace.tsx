import { PlaceHeader } from "../app/PlaceHeader";

export function MonitorPlace() {
  return (
    <main>
      <PlaceHeader>
        <h2>Monitor</h2>
      </PlaceHeader>
    </main>
  );
}
