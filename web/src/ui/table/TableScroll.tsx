import { type ReactNode, useEffect, useRef, useState } from "react";

/** A table that may be larger than its room: then it scrolls by itself, also by keyboard. */
export function TableScroll({ label, className = "", children }: { label: string; className?: string; children: ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() =>
      setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight),
    );
    watch.observe(element);
    if (element.firstElementChild !== null) watch.observe(element.firstElementChild);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={host} className={`table-scroll ${className}`} {...(scrolls ? { tabIndex: 0, role: "region", "aria-label": label } : {})}>
      {children}
    </div>
  );
}
