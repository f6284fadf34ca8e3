import { PlaceHeader } from "../app/PlaceHeader";

export function DataPlace() {
  return (
    <main>
      <PlaceHeader>
        <h2>Data</h2>
      </PlaceHeader>
    </main>
  );
}
