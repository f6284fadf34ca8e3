import { PlaceHeader } from "../app/PlaceHeader";

export function OptimisePlace() {
  return (
    <main>
      <PlaceHeader>
        <h2>Optimise</h2>
      </PlaceHeader>
    </main>
  );
}
