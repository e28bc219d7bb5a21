fn main() {
    let path = std::env::args().nth(1).unwrap();
    let n: u32 = std::env::args().nth(2).unwrap().parse().unwrap();
    let sc = caseflow::scenario::load(std::path::Path::new(&path), &[]).unwrap_or_else(|f| panic!("{f}"));
    let sim = caseflow::simulation::Simulator::new(&sc, 1);
    let mut ws = sim.workspace();
    let mut ev = 0;
    let mut times = vec![];
    let mut sum = 0.0;
    for r in 0..n {
        let t = std::time::Instant::now();
        let rec = sim.replicate(r, &mut ws).unwrap();
        times.push(t.elapsed().as_secs_f64());
        ev += rec.events;
        sum += rec.horizon.iter().filter(|x| x.is_finite()).sum::<f64>();
    }
    times.sort_by(f64::total_cmp);
    let med = times[times.len() / 2];
    eprintln!(
        "{path}: median {:.2} ms, {} events/rep, {} series x {} weeks, checksum {sum}",
        med * 1e3,
        ev / n as u64,
        sim.layout().series.len(),
        sim.layout().weeks
    );
    let t = std::time::Instant::now();
    for r in 0..20 {
        std::hint::black_box(sim.draw(r));
    }
    eprintln!("draw {:.3} ms", t.elapsed().as_secs_f64() * 50.0);
}
