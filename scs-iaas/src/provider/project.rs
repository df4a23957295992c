use scs_core::{
    Api, Result, model,
    provider::{Makes, Speaks},
};

use crate::identity::{NewProject, Project};

impl Speaks<model::Project> for Project {
    fn raise(self) -> model::Project {
        let mut project = model::Project::new(self.id.cast(), self.name);
        project.description = Some(self.description).filter(|text| !text.is_empty());
        project.enabled = self.enabled;
        project
    }
}

impl Makes<model::Project> for Project {
    async fn make(api: &Api<Self>, spec: model::ProjectSpec) -> Result<Self> {
        let mut new = NewProject::new(spec.name);
        new.description = spec.description;
        api.create(new).await
    }
}
