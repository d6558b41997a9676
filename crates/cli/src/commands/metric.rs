//! `handfast metric`: the catalogue with every definition's declarations.

use std::process::ExitCode;

use handfast_kernels::metric::{MetricSpec, SPECS};
use handfast_model::Refusal;

use crate::args::MetricAction;
use crate::print;

/// Lists or explains.
pub fn run(action: &MetricAction) -> Result<ExitCode, Refusal> {
    match action {
        MetricAction::List => {
            let lines = SPECS
                .iter()
                .map(|spec| format!("{:<24} {}\n", spec.name, spec.means));
            print(&lines.collect::<String>())
        }
        MetricAction::Explain { name } => {
            print(&explain(handfast_engine::answer::metric_spec(name)?))
        }
    }
}

fn explain(spec: &MetricSpec) -> String {
    let mut text = format!("{}: {}\n", spec.name, spec.means);
    for (what, how) in spec.declares {
        text.push_str(&format!("  {what:<24} {how}\n"));
    }
    text
}
