"""Prints the table of visits of docs/stages.md: gradient and distance to the saddle at the visits, as alpha tends to 0."""

from dmftheory.problem import Problem
from dmftheory.stages import stages

ALPHAS = {2: ("1e-1", "1e-2", "1e-4", "1e-8"), 3: ("1e-1", "5e-2", "2e-2", "1e-2", "5e-3"), 4: ("2e-1", "1e-1", "5e-2")}

if __name__ == "__main__":
    for depth, alphas in ALPHAS.items():
        for alpha in alphas:
            answer = stages(Problem.parse(depth=depth, spectrum="1,1/2,1/4", alpha=alpha, eta="1/20"))
            for pair in answer.pairs:
                visit = pair.visit
                if visit is None:
                    print(f"| {depth} | {alpha} | {pair.first} | no valley | - | - | - | - | - |")
                    continue
                flow = "-" if visit.escape is None else " to ".join(f"{float(bound):.1f}" for bound in visit.escape)
                cells = (depth, alpha, visit.rank, visit.step, f"{float(visit.gradient):.2e}", f"{float(visit.distance):.2e}")
                print("| " + " | ".join(map(str, (*cells, visit.negative_modes, visit.steps, flow))) + " |", flush=True)
